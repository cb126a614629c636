"""How requests are read, whatever way they are sent; over sockets, on both event loops."""

import asyncio

import pytest
import uvloop
from driving import GET, LAST, LIMIT, Answering, Driven, bodies, exchanged, replies

H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
POST = b"POST / HTTP/1.1\r\nHost: waag\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n"
WITH_BODY = POST + b"Content-Length: 5\r\n\r\nhello"
UPGRADING = POST + H2C + b"Content-Length: 5\r\n\r\nhello"


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def asked(request):
    """Sends bytes to a server: the requests it made of them, up to one to /last."""

    def ask(sent):
        answering = Answering()
        exchanged(answering, sent + LAST, new_loop=request.param)
        assert answering.asked.pop().path == "/last"
        return answering.asked

    return ask


@pytest.fixture
def read(asked):
    """Sends bytes to a server: the one request it made of them."""

    def ask(sent):
        (request,) = asked(sent)
        return request

    return ask


def received(*parts):
    """What is asked on a driven connection when bytes arrive in these parts."""

    async def drive():
        answering = Answering()
        await Driven(answering).receive(*parts)
        return answering.asked

    return asyncio.run(drive())


class TestRequestLine:
    """Method, path and query."""

    @pytest.mark.parametrize(
        ("target", "path", "query"),
        [
            ("/", "/", ""),
            ("/a%2Fb%20c//d/", "/a%2Fb%20c//d/", ""),
            ("/a?b=%20c&d?e", "/a", "b=%20c&d?e"),
            ("/a?", "/a", ""),
            ("//a/b", "//a/b", ""),
            ("/a#f?g", "/a", ""),
            ("http://waag/a?b", "/a", "b"),
            ("http://waag", "/", ""),
            ("*", "*", ""),
        ],
    )
    def test_a_target_is_path_and_query_as_sent(self, read, target, path, query):
        """Nothing is decoded; of a whole address the path and the query count."""
        request = read(f"OPTIONS {target} HTTP/1.1\r\nHost: waag\r\n\r\n".encode())
        assert (request.path, request.query) == (path, query)

    def test_the_authority_of_a_tunnel_is_its_path(self):
        """CONNECT is answered like another method, and is the last of its connection."""
        answering = Answering()
        exchanged(answering, b"CONNECT waag:80 HTTP/1.1\r\nHost: waag\r\n\r\n" + GET)
        assert [(each.method, each.path) for each in answering.asked] == [("CONNECT", "waag:80")]

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"])
    def test_a_method_is_as_sent(self, read, method):
        """Methods are upper case."""
        assert read(f"{method} / HTTP/1.1\r\nHost: waag\r\n\r\n".encode()).method == method


class TestHeaders:
    """Names and values."""

    def test_names_are_lower_cased(self, read):
        """Names are no matter of case."""
        request = read(b"GET / HTTP/1.1\r\nX-AMZ-Target: A.B\r\n\r\n")
        assert request.headers == {"x-amz-target": "A.B"}

    def test_values_are_trimmed_latin_1(self, read):
        """Blanks around a value are not of it; every byte is a character."""
        request = read(b"GET / HTTP/1.1\r\nA: \t b  c \t\r\nD:\r\nE: \xe9\r\n\r\n")
        assert request.headers == {"a": "b  c", "d": "", "e": "é"}

    def test_repeated_ones_are_joined_in_order(self, read):
        """However they are spelled, and whatever stands between them."""
        request = read(b"GET / HTTP/1.1\r\nA: 2\r\nB: x\r\na: 1\r\nA: 3\r\n\r\n")
        assert request.headers == {"a": "2,1,3", "b": "x"}

    def test_those_that_trail_a_body_count_for_nothing(self, read):
        """Nobody signed them."""
        request = read(CHUNKED.removesuffix(b"\r\n") + b"Trailing: 1\r\n\r\n")
        assert list(request.headers) == ["host", "transfer-encoding"]

    def test_the_client_is_the_peer(self, read):
        """Not whom a header names."""
        request = read(b"GET / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
        assert request.client == "127.0.0.1"


class TestBodies:
    """Bodies and the ways to send them."""

    @pytest.mark.parametrize(
        ("sent", "body"),
        [(GET, b""), (WITH_BODY, b"hello"), (CHUNKED, b"hello world"), (UPGRADING, b"hello")],
        ids=["none", "length", "chunked", "upgrading"],
    )
    def test_the_exact_bytes(self, read, sent, body):
        """A body is what was sent."""
        assert read(sent).body == body

    @pytest.mark.parametrize(
        ("size", "kept"), [(LIMIT, (LIMIT, False)), (LIMIT + 1, (0, True))], ids=["most", "more"]
    )
    def test_of_one_too_large_nothing_is_kept(self, size, kept):
        """It is given on as oversized; the largest that is taken is not."""
        head = POST + f"Content-Length: {size}\r\n\r\n".encode()
        (request,) = received(head, bytes(size - 1), bytes(1))
        assert (len(request.body), request.oversized) == kept

    def test_one_too_large_ends_the_connection(self):
        """Its caller is answered as whoever answers will have it, and no more is read."""
        sent = POST + f"Content-Length: {LIMIT + 1}\r\n\r\n".encode() + bytes(LIMIT + 1) + GET
        (reply,) = replies(exchanged(Answering(), sent))
        assert (reply.body, reply.headers[-1]) == (b"POST / 0", ("connection", "close"))

    def test_who_sends_on_and_on_gets_to_read_the_refusal(self):
        """After 8 MiB the request counts as whole; what still comes is dropped."""
        size = 50 * 1024 * 1024
        sent = POST + f"Content-Length: {size}\r\n\r\n".encode() + bytes(size)
        assert bodies(exchanged(Answering(), sent)) == ["POST / 0"]


class TestUpgrades:
    """Requests that offer to go on in HTTP/2: the offer is not taken up."""

    @pytest.mark.parametrize(
        "sent",
        [
            POST + H2C + b"\r\n",
            UPGRADING,
            UPGRADING.replace(b"h2c", b"websocket"),
            POST + H2C + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ],
        ids=["bare", "body", "websocket", "chunked"],
    )
    def test_the_next_request_is_read(self, asked, sent):
        """The connection goes on in HTTP/1.1."""
        assert [each.method for each in asked(sent + sent)] == ["POST", "POST"]

    def test_one_of_http_1_0_ends_the_connection(self):
        """As it would without the offer."""
        (reply,) = replies(exchanged(Answering(), UPGRADING.replace(b"1.1", b"1.0") + GET))
        assert reply.body == b"POST / 5"

    def test_headers_are_as_sent(self, read):
        """Those of the offer are among them: a signature may cover them."""
        assert read(UPGRADING).headers == {
            "host": "waag",
            "connection": "Upgrade, HTTP2-Settings",
            "upgrade": "h2c",
            "http2-settings": "AAMAAABk",
            "content-length": "5",
        }

    def test_a_great_many_in_one_packet(self, asked):
        """Their number costs no depth of calls."""
        assert len(asked((POST + H2C + b"\r\n") * 1500)) == 1500


@pytest.mark.parametrize("sent", [WITH_BODY, CHUNKED, UPGRADING], ids=["body", "chunked", "h2c"])
class TestParts:
    """Requests that arrive in parts."""

    def test_parted_anywhere(self, sent):
        """Wherever two packets part, the same two requests are read."""
        both = sent + sent
        (whole,) = received(sent)
        for place in range(1, len(both)):
            assert received(both[:place], both[place:]) == [whole, whole]

    def test_byte_by_byte(self, sent):
        """Each byte in a packet of its own."""
        assert received(*(sent[at : at + 1] for at in range(len(sent)))) == received(sent)


class TestRefusals:
    """What cannot be read as a request: refused in JSON, and the connection closed."""

    @pytest.mark.parametrize(
        "sent",
        [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"BREW / HTTP/1.1\r\n\r\n",
            b"GET / SPDY/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nNo colon\r\n\r\n",
            b"GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
            b"GET /\xe9 HTTP/1.1\r\n\r\n",
            POST + b"Content-Length: five\r\n\r\n",
            POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
            POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            POST + b"Transfer-Encoding: chunked\r\n\r\nfive\r\nhello\r\n",
            POST + H2C + b"Transfer-Encoding: chunked\r\n\r\nfive\r\nhello\r\n",
        ],
        ids=map(str, range(12)),
    )
    def test_malformed(self, sent):
        """400 and a SerializationException."""
        (reply,) = replies(exchanged(Answering(), sent))
        assert (reply.status_line, reply.error) == (
            "HTTP/1.1 400 Bad Request",
            "SerializationException",
        )

    @pytest.mark.parametrize(
        "parts",
        [
            [b"GET /" + b"a" * 65536 + b" HTTP/1.1\r\nHost: waag\r\n\r\n"],
            [b"GET / HTTP/1.1\r\nA: " + b"a" * 65536 + b"\r\n\r\n"],
            [b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 12000 + b"\r\n"],
            [GET * 9 + b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 12000 + b"\r\n"],
            [b"GET /", *[b"a" * 1000] * 66],
            [b"GET / HTTP/1.1\r\nA: ", *[b"a" * 1000] * 66],
            [CHUNKED.removesuffix(b"\r\n"), *[b"A: b\r\n" * 100] * 120],
        ],
        ids=["target", "value", "many", "pipelined", "endless-target", "endless", "trailing"],
    )
    def test_a_head_too_large(self, parts):
        """431, once there are more than 64 KiB of it."""
        reply = replies(exchanged(Answering(), b"".join(parts)))[-1]
        assert (reply.status_line, reply.error) == (
            "HTTP/1.1 431 Request Header Fields Too Large",
            "RequestHeaderSectionTooLarge",
        )

    def test_a_head_just_small_enough(self):
        """64 KiB are taken."""
        line, end = b"GET / HTTP/1.1\r\n", b"\r\n\r\n"
        field = b"A: " + b"a" * (65536 - len(line) - len(end) - len("A: "))
        assert len(received(line + field + end)) == 1

    def test_what_came_before_is_answered_first(self):
        """A refusal takes its turn."""
        assert bodies(exchanged(Answering(), GET + b"\x16\x03"))[0] == "GET / 0"

    def test_nothing_after_it_is_read(self):
        """Where one request ends and another begins is not known any more."""
        answering = Answering()
        exchanged(answering, b"BREW / HTTP/1.1\r\n\r\n" + GET)
        assert answering.asked == []

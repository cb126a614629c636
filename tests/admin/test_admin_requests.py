import socket
from functools import partial

import pytest
from asking import ask, send

from server import DEADLINE, live_server, served
from waag import __version__
from waag.admin.api import AdminApi
from waag.admin.latest_calls import LatestCallsCalls
from waag.admin.usage_calls import UsageCalls
from waag.bootstrap.front import body_bytes_max
from waag.config import Settings
from waag.domain.market_excerpt import MarketExcerpt
from waag.edge.asgi import ask as ask_app
from waag.edge.http import HttpServer
from waag.services.calls import GatheredCalls
from waag.storage.database import open_database, open_reader
from waag.storage.reader import Reader
from waag.storage.usage_reader import SqliteUsageReader
from waag.storage.writer import Writer

CALLS = [
    "GET /clock",
    "PUT /clock",
    "POST /clock/advance",
    "GET /usage-records",
    "GET /calls",
    "PUT /market",
    "GET /accounts/120000000001/credentials",
    "POST /registration-tokens",
    "GET /openapi.json",
]
UNAUTHORIZED = {
    "error": {
        "rule": "admin.token",
        "message": "The admin API takes `Authorization: Bearer TOKEN`; the token lies in "
        "operator-token in the data directory.",
    }
}


class TestToken:
    """Who may call."""

    @pytest.mark.parametrize("call", CALLS)
    def test_a_call_without_one_is_refused(self, server, call):
        """Every call takes the token."""
        answer = send(server, call.replace(" ", " /admin/v1", 1))
        assert answer[:2] == (401, UNAUTHORIZED)

    @pytest.mark.parametrize(
        "authorization", ["", "Bearer", "Bearer ", "Bearer wrong", "Bearer é", "Basic {}", "{}"]
    )
    def test_anything_else_is_refused(self, server, authorization):
        """Another token, another scheme or none: all are refused alike."""
        header = authorization.format(server.token)
        answer = ask(server, "GET /clock", authorization=header)
        assert answer[:2] == (401, UNAUTHORIZED)

    def test_the_refusal_names_the_scheme(self, server):
        """A 401 says how to authenticate, as HTTP has it."""
        answer = send(server, "GET /admin/v1/clock")
        assert answer.headers["www-authenticate"] == "Bearer"

    def test_the_scheme_is_written_in_any_case(self, server):
        """HTTP's schemes are no matter of case."""
        assert ask(server, "GET /clock", authorization=f"bearer {server.token}").status == 200

    def test_a_token_given_at_the_start_counts(self, tmp_path):
        """A token of the operator's own is taken instead of the one that is kept."""
        settings = Settings(data=tmp_path / "data", operator_token="of-my-own")
        with live_server(settings) as server:
            answer = ask(server, "GET /clock", authorization="Bearer of-my-own")
        assert answer.status == 200

    def test_a_token_given_at_the_start_is_not_kept(self, tmp_path):
        """It is not written into the data directory."""
        settings = Settings(data=tmp_path / "data", operator_token="of-my-own")
        with live_server(settings):
            assert not (settings.data / "operator-token").exists()


class TestHealth:
    """The call that takes no token."""

    def test_it_answers_without_a_token(self, server):
        """Anybody may ask whether the server is ready."""
        answer = send(server, "GET /healthz")
        assert answer[:2] == (200, {"status": "ok", "version": __version__})

    def test_it_takes_no_other_method(self, server):
        """The refusal names those it takes."""
        answer = send(server, "POST /healthz")
        assert answer.error == {
            "rule": "admin.method",
            "message": "/healthz takes GET, HEAD, not POST.",
        }


class TestPaths:
    """Paths and methods that there are not."""

    @pytest.mark.parametrize(
        "path", ["/", "/tulips", "/clock/", "/clock/stop", "/accounts/120000000001", "/Clock"]
    )
    def test_an_unknown_path_is_not_found(self, server, path):
        """The answer is JSON and names the path."""
        assert ask(server, f"GET {path}")[:2] == (
            404,
            {
                "error": {
                    "rule": "admin.not-found",
                    "message": f"The admin API has no /admin/v1{path}.",
                }
            },
        )

    @pytest.mark.parametrize(
        ("call", "allowed"),
        [
            ("DELETE /clock", "GET, HEAD, PUT"),
            ("GET /clock/advance", "POST"),
            ("POST /usage-records", "GET, HEAD"),
            ("GET /market", "PUT"),
            ("PATCH /accounts/120000000001/credentials", "GET, HEAD"),
        ],
    )
    def test_another_method_is_not_allowed(self, server, call, allowed):
        """The answer is JSON and names the methods that are."""
        method, path = call.split()
        assert ask(server, call)[:2] == (
            405,
            {
                "error": {
                    "rule": "admin.method",
                    "message": f"/admin/v1{path} takes {allowed}, not {method}.",
                }
            },
        )

    def test_the_header_names_the_methods_too(self, server):
        """A 405 has the header Allow, as HTTP has it."""
        assert ask(server, "DELETE /clock").headers["allow"] == "GET, HEAD, PUT"

    def test_what_can_be_got_can_be_asked_for_its_head(self, server):
        """HEAD is answered as GET is, without the body."""
        answer = ask(server, "HEAD /clock")
        assert answer[:2] == (200, None)


async def no_calls(_limit):
    """What no front answers."""
    return ["no call"]


class TestFailures:
    """What no caller can help."""

    @pytest.fixture
    def broken(self, tmp_path):
        """A server whose ledger was closed under it, and whose calls hold something odd."""
        writer = Writer(open_database(tmp_path / "ledger.sqlite"))
        reader = SqliteUsageReader(Reader(open_reader(tmp_path / "ledger.sqlite")))
        reader.close()
        calls = GatheredCalls()
        calls.add(no_calls)
        api = AdminApi(
            "token",
            (*UsageCalls(reader, MarketExcerpt()).calls(), *LatestCallsCalls(calls).calls()),
        )
        server = HttpServer(partial(ask_app, api.app()), body_bytes_max)
        with served(server) as endpoint:
            yield _Broken(endpoint, "token")
        writer.close()

    def test_a_ledger_that_cannot_be_read_is_unavailable(self, broken):
        """The caller is told what failed, and may ask again."""
        assert ask(broken, "GET /usage-records")[:2] == (
            503,
            {
                "error": {
                    "rule": "store.unavailable",
                    "message": "The store could not be read: The connection has been closed.",
                }
            },
        )

    def test_a_failure_is_answered_in_json(self, broken):
        """Nothing of the traceback is shown."""
        assert ask(broken, "GET /calls")[:2] == (
            500,
            {"error": {"rule": "internal", "message": "Waag failed; its log says why."}},
        )

    def test_a_failure_is_logged(self, broken, caplog):
        """The log names the call, with the traceback."""
        ask(broken, "GET /calls")
        (logged,) = caplog.records
        assert (logged.message, logged.exc_info[0]) == ("GET /calls failed", AttributeError)

    def test_the_server_goes_on(self, broken):
        """A failure is its caller's alone."""
        ask(broken, "GET /calls")
        assert ask(broken, "GET /openapi.json").status == 200


class _Broken:
    def __init__(self, endpoint, token) -> None:
        self.endpoint = endpoint
        self.token = token


def test_a_body_that_breaks_off_is_no_failure(server, caplog):
    """A caller that goes away while it sends changes nothing, and nothing is logged."""
    before = ask(server, "GET /clock").body
    with socket.create_connection(("127.0.0.1", server.port), DEADLINE) as caller:
        caller.sendall(
            b"POST /admin/v1/clock/advance HTTP/1.1\r\nHost: waag\r\nContent-Length: 17\r\n"
            b"Authorization: Bearer " + server.token.encode() + b"\r\n\r\n" + b'{"seconds": 3600'
        )
        caller.shutdown(socket.SHUT_WR)
        assert caller.recv(1) == b""
    assert (ask(server, "GET /clock").body, caplog.records) == (before, [])

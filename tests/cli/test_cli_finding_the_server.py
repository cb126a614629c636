import socket
import threading
from contextlib import contextmanager

import pytest
from commands import waag, waag_at

from server import served
from waag.edge.http import HttpServer
from waag.exchange import Reply

COMMANDS = ["usage", "calls", "clock", "clock run", "credentials 120000000001"]
SHOWN = "2026-05-14T10:20:30Z  frozen\n"


class TestToken:
    """Where the operator's token comes from."""

    def test_the_data_directory(self, server):
        """It lies in the server's data directory."""
        assert waag_at(server, "clock") == (0, SHOWN, "")

    def test_the_data_directory_by_its_variable(self, server):
        """WAAG_DATA names the directory too."""
        ran = waag("clock", WAAG_ENDPOINT=server.endpoint, WAAG_DATA=str(server.data))
        assert ran == (0, SHOWN, "")

    def test_its_own_variable(self, server, tmp_path):
        """WAAG_OPERATOR_TOKEN needs no directory."""
        ran = waag(
            "clock",
            f"--data={tmp_path / 'none'}",
            f"--endpoint={server.endpoint}",
            WAAG_OPERATOR_TOKEN=server.token,
        )
        assert ran == (0, SHOWN, "")

    @pytest.mark.parametrize("command", COMMANDS)
    def test_there_is_none(self, server, tmp_path, command):
        """The message names the file and both ways to give one; the exit code is 1."""
        ran = waag(*command.split(), f"--data={tmp_path}", f"--endpoint={server.endpoint}")
        assert ran == (
            1,
            "",
            f"Error: No operator token: {tmp_path / 'operator-token'}: No such file or "
            "directory. Name the server's data directory with --data, or set "
            "WAAG_OPERATOR_TOKEN.\n",
        )

    @pytest.mark.parametrize("command", COMMANDS)
    def test_it_is_another_servers(self, server, command):
        """The admin API's refusal is shown; the exit code is 1."""
        ran = waag(*command.split(), f"--endpoint={server.endpoint}", WAAG_OPERATOR_TOKEN="wrong")
        assert ran == (
            1,
            "",
            "Error: The admin API takes `Authorization: Bearer TOKEN`; the token lies in "
            "operator-token in the data directory.\n",
        )


class TestEndpoint:
    """Where the server is."""

    def test_its_variable(self, server):
        """WAAG_ENDPOINT names it."""
        ran = waag("clock", f"--data={server.data}", WAAG_ENDPOINT=server.endpoint)
        assert ran == (0, SHOWN, "")

    def test_the_option_counts_more_than_the_variable(self, server):
        """What is typed is not overruled."""
        ran = waag(
            "clock",
            f"--data={server.data}",
            f"--endpoint={server.endpoint}",
            WAAG_ENDPOINT="http://127.0.0.1:1",
        )
        assert ran == (0, SHOWN, "")

    @pytest.mark.parametrize("ending", ["/", "//"])
    def test_slashes_at_its_end_do_not_matter(self, server, ending):
        """An address is taken as it is often written."""
        ran = waag("clock", f"--data={server.data}", f"--endpoint={server.endpoint}{ending}")
        assert ran == (0, SHOWN, "")

    @pytest.mark.parametrize("command", COMMANDS)
    def test_nobody_is_there(self, server, command):
        """The message says why, and how to start a server; the exit code is 1."""
        ran = waag(*command.split(), f"--data={server.data}", "--endpoint=http://127.0.0.1:1")
        assert ran == (
            1,
            "",
            "Error: No Waag answers at http://127.0.0.1:1 (Connection refused). Start one with "
            "`waag serve`, or name another with --endpoint.\n",
        )

    @pytest.mark.parametrize(
        ("endpoint", "why"),
        [
            ("ftp://127.0.0.1", "Not supported URL scheme ftp"),
            ("http://[::", "Failed to parse: '[::' is not a valid host or port"),
        ],
    )
    def test_it_is_no_address(self, server, endpoint, why):
        """The message says what is wrong with it; the exit code is 1."""
        ran = waag("clock", f"--data={server.data}", f"--endpoint={endpoint}")
        assert ran == (
            1,
            "",
            f"Error: No Waag answers at {endpoint} ({why}). Start one with `waag serve`, or name "
            "another with --endpoint.\n",
        )


@pytest.fixture(scope="module")
def stranger():
    """A web server that answers as its list of answers says, last first."""
    answers = []

    async def answer(_request):
        status, body = answers.pop()
        return Reply(status, (), body)

    with served(HttpServer(answer, lambda _: 1024)) as endpoint:
        yield endpoint, answers


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>hello</html>"),
        (200, b""),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"usage_records": 1, "calls": 2, "now": 3, "credentials": 4}'),
        (200, b"\xff"),
        (302, b""),
        (404, b"not found"),
        (404, b'{"error": "not found"}'),
        (404, b'{"message": "not found"}'),
        (500, b"[]"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_something_else_than_waag_answers(server, stranger, status, body, command):
    """The message says so, with the status; the exit code is 1."""
    endpoint, answers = stranger
    answers.append((status, body))
    ran = waag(*command.split(), f"--data={server.data}", f"--endpoint={endpoint}")
    assert ran == (1, "", f"Error: What answers at {endpoint} is no Waag (HTTP {status}).\n")


@contextmanager
def speaking(first_words):
    """Something that says these words to whoever connects, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(first_words)

        thread = threading.Thread(target=speak)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(30)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (b"SSH-2.0-OpenSSH\r\n", "SSH-2.0-OpenSSH"),
        (b"", "Remote end closed connection without response"),
    ],
)
def test_something_else_than_http_is_spoken(server, words, why):
    """The message says what was heard; the exit code is 1."""
    with speaking(words) as endpoint:
        ran = waag("clock", f"--data={server.data}", f"--endpoint={endpoint}")
    assert ran == (
        1,
        "",
        f"Error: No Waag answers at {endpoint} ({why}). Start one with `waag serve`, or name "
        "another with --endpoint.\n",
    )

import json

import pytest
from commands import waag, waag_at

from server import live_server
from waag.config import Settings

NOW = "2026-05-14T10:20:30Z"
LATER = "2026-11-30T23:00:00Z"
NOWHERE = "http://127.0.0.1:1"

COMMANDS = [
    ("clock", NOW, "frozen"),
    (f"clock freeze {LATER}", LATER, "frozen"),
    ("clock freeze", NOW, "frozen"),
    (f"clock set {LATER}", LATER, "frozen"),
    ("clock advance 90", "2026-05-14T10:22:00Z", "frozen"),
    ("clock advance 0", NOW, "frozen"),
    ("clock advance 90s", "2026-05-14T10:22:00Z", "frozen"),
    ("clock advance 45m", "2026-05-14T11:05:30Z", "frozen"),
    ("clock advance 24h", "2026-05-15T10:20:30Z", "frozen"),
    ("clock advance 7d", "2026-05-21T10:20:30Z", "frozen"),
    ("clock advance 1d12h1m1s", "2026-05-15T22:21:31Z", "frozen"),
    (f"clock advance {LATER}", LATER, "frozen"),
]


@pytest.mark.parametrize(("command", "now", "mode"), COMMANDS)
class TestAnswers:
    """What `waag clock` and its subcommands print."""

    def test_is_what_the_clock_then_shows(self, server, command, now, mode):
        """The instant and the mode on one line."""
        assert waag_at(server, command) == (0, f"{now}  {mode}\n", "")

    def test_is_the_same_as_json(self, server, command, now, mode):
        """What the admin API answers, unchanged."""
        ran = waag_at(server, f"{command} --json")
        assert json.loads(ran.stdout) == {"mode": mode, "now": now}

    def test_is_what_the_clock_shows_from_then_on(self, server, command, now, mode):
        """The command has turned the clock."""
        waag_at(server, command)
        assert server.ask("GET", "/clock") == {"mode": mode, "now": now}


def test_a_clock_that_runs_on_says_so(server):
    """The mode is running; what it shows is later by now."""
    ran = waag_at(server, "clock run --json")
    assert json.loads(ran.stdout)["mode"] == "running"


def test_a_running_clock_that_is_set_runs_on(server):
    """Setting it leaves the mode as it is."""
    waag_at(server, "clock run")
    ran = waag_at(server, f"clock set {LATER} --json")
    assert json.loads(ran.stdout)["mode"] == "running"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            "clock set noon",
            "now is 'noon'; expected an instant such as 2026-11-21T10:00:00Z.",
        ),
        (
            "clock freeze 2026-11-30",
            "now is '2026-11-30'; expected an instant such as 2026-11-21T10:00:00Z.",
        ),
        (
            "clock advance 1w",
            "to is '1w'; expected an instant such as 2026-11-21T10:00:00Z.",
        ),
        (
            "clock advance h1",
            "to is 'h1'; expected an instant such as 2026-11-21T10:00:00Z.",
        ),
        (
            "clock advance 2026-05-14T10:20:29Z",
            "2026-05-14T10:20:29Z is before what the clock shows, 2026-05-14T10:20:30Z; set the "
            "clock to go back.",
        ),
    ],
)
def test_a_refusal_is_its_sentence(server, command, message):
    """The admin API's sentence goes to standard error, and the exit code is 1."""
    assert waag_at(server, command) == (1, "", f"Error: {message}\n")


@pytest.mark.parametrize("command", ["clock set", "clock advance", "clock stop", "clock set 1 2"])
def test_wrong_usage_is_told(server, command):
    """A missing argument, one too many or another subcommand: the exit code is 2."""
    assert waag_at(server, command).exit_code == 2


@pytest.mark.parametrize(
    "command", [f"clock set {LATER}", f"clock freeze {LATER}", "clock run", "clock advance 1h"]
)
def test_a_real_clock_cannot_be_turned(tmp_path, command):
    """The refusal says how to start a server whose clock can be; the exit code is 1."""
    with live_server(Settings(data=tmp_path / "data", clock="real")) as server:
        ran = waag_at(server, command)
    assert ran == (
        1,
        "",
        "Error: This server runs by real time; start it with --clock settable to turn its clock.\n",
    )


class TestOptionsBeforeTheSubcommand:
    """Options that find the server stand before the subcommand as well as behind it."""

    @pytest.fixture
    def found(self, server):
        """The options that find the server."""
        return [f"--endpoint={server.endpoint}", f"--data={server.data}"]

    def test_they_count_there(self, found):
        """All of them may stand before it."""
        ran = waag("clock", *found, "--json", "freeze", LATER)
        assert json.loads(ran.stdout) == {"mode": "frozen", "now": LATER}

    def test_they_count_there_alone(self, found):
        """Without a subcommand they show the clock."""
        assert waag("clock", *found) == (0, f"{NOW}  frozen\n", "")

    def test_they_may_stand_on_either_side(self, found):
        """One before it, one behind it."""
        assert waag("clock", found[0], "freeze", found[1]) == (0, f"{NOW}  frozen\n", "")

    def test_what_stands_behind_counts_more(self, found):
        """An option given twice is taken from behind the subcommand."""
        ran = waag("clock", f"--endpoint={NOWHERE}", "freeze", *found)
        assert ran == (0, f"{NOW}  frozen\n", "")

    def test_they_count_more_than_variables(self, found, tmp_path):
        """What is typed before the subcommand is not overruled by the environment."""
        ran = waag(
            "clock", *found, "freeze", WAAG_ENDPOINT=NOWHERE, WAAG_DATA=str(tmp_path / "none")
        )
        assert ran == (0, f"{NOW}  frozen\n", "")

    def test_a_token_counts_there(self, server, tmp_path):
        """The operator's token, too, may be given there."""
        ran = waag(
            "clock",
            f"--endpoint={server.endpoint}",
            f"--data={tmp_path}",
            f"--operator-token={server.token}",
            "freeze",
        )
        assert ran == (0, f"{NOW}  frozen\n", "")

import pytest
from asking import ask
from machine import NOW, REAL

from server import live_server
from waag.config import Settings

LATER = "2026-11-30T23:00:00Z"
FROZEN = {"mode": "frozen", "now": LATER}


def test_it_shows_the_machines_time_at_first(server):
    """A clock that nobody has turned runs with the machine's."""
    assert ask(server, "GET /clock")[:2] == (200, {"mode": "running", "now": NOW})


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (FROZEN, FROZEN),
        ({"now": LATER}, {"mode": "running", "now": LATER}),
        ({"mode": "frozen"}, {"mode": "frozen", "now": NOW}),
        ({}, {"mode": "running", "now": NOW}),
        ({"mode": None, "now": None}, {"mode": "running", "now": NOW}),
        ({"now": "2026-12-01T00:00:00+01:00"}, {"mode": "running", "now": LATER}),
        (
            {"now": "2026-11-30T23:00:00.5Z"},
            {"mode": "running", "now": "2026-11-30T23:00:00.500000Z"},
        ),
        ({"now": "2020-01-01T00:00:00Z"}, {"mode": "running", "now": "2020-01-01T00:00:00Z"}),
    ],
)
class TestSetting:
    """What is left out on setting stays as it is."""

    def test_the_answer_is_what_it_then_shows(self, server, body, shown):
        """Setting it is answered with the clock as it is afterwards."""
        assert ask(server, "PUT /clock", body)[:2] == (200, shown)

    def test_it_shows_that_from_then_on(self, server, body, shown):
        """Asking for it afterwards is answered the same."""
        ask(server, "PUT /clock", body)
        assert ask(server, "GET /clock").body == shown


@pytest.mark.parametrize(
    ("body", "now"),
    [
        ({"seconds": 3600}, "2026-12-01T00:00:00Z"),
        ({"seconds": 0}, LATER),
        ({"seconds": 0.25}, "2026-11-30T23:00:00.250000Z"),
        ({"to": "2026-12-01T06:00:00Z"}, "2026-12-01T06:00:00Z"),
        ({"to": "2026-12-01T06:00:00+06:00"}, "2026-12-01T00:00:00Z"),
        ({"to": LATER}, LATER),
        ({"to": LATER, "seconds": None}, LATER),
    ],
)
@pytest.mark.parametrize("mode", ["frozen", "running"])
def test_advancing_goes_there_in_the_same_mode(server, body, now, mode):
    """The clock shows the later instant and runs or stands as before."""
    ask(server, "PUT /clock", {"mode": mode, "now": LATER})
    answer = ask(server, "POST /clock/advance", body)
    assert answer[:2] == (200, {"mode": mode, "now": now})


def test_a_running_clock_can_be_advanced_by_nothing(tmp_path):
    """However fast the clock runs, it is no step back."""
    ticking = iter(range(REAL, REAL + 10_000_000, 1000))
    with live_server(Settings(data=tmp_path / "data"), real=lambda: next(ticking)) as server:
        assert ask(server, "POST /clock/advance", {"seconds": 0}).status == 200


BODY = "The body is not as expected: "

REFUSALS = [
    ("PUT /clock", b"", "admin.request", BODY + "Input data was truncated."),
    ("PUT /clock", b"{", "admin.request", BODY + "Input data was truncated."),
    (
        "PUT /clock",
        b'{"now": "\xff"}',
        "admin.request",
        BODY + "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte.",
    ),
    ("PUT /clock", [], "admin.request", BODY + "Expected `object`, got `array`."),
    (
        "PUT /clock",
        {"time": LATER},
        "admin.request",
        BODY + "Object contains unknown field `time`.",
    ),
    (
        "PUT /clock",
        {"mode": "stopped"},
        "admin.request",
        BODY + "Invalid enum value 'stopped' - at `$.mode`.",
    ),
    (
        "PUT /clock",
        {"now": 1},
        "admin.request",
        BODY + "Expected `str | null`, got `int` - at `$.now`.",
    ),
    (
        "PUT /clock",
        {"now": "noon"},
        "admin.request",
        "now is 'noon'; expected an instant such as 2026-11-21T10:00:00Z.",
    ),
    (
        "PUT /clock",
        {"now": "2026-11-30T23:00:00"},
        "admin.request",
        "now is '2026-11-30T23:00:00'; expected an instant such as 2026-11-21T10:00:00Z.",
    ),
    (
        "PUT /clock",
        {"now": "0001-01-01T00:00:00+01:00"},
        "clock.range",
        "-62135600400 epoch seconds is not between the years 1 and 9999.",
    ),
    (
        "POST /clock/advance",
        {},
        "admin.request",
        'Send either {"seconds": 3600} or {"to": "2026-12-01T06:00:00Z"}.',
    ),
    (
        "POST /clock/advance",
        {"seconds": 1, "to": LATER},
        "admin.request",
        'Send either {"seconds": 3600} or {"to": "2026-12-01T06:00:00Z"}.',
    ),
    (
        "POST /clock/advance",
        {"hours": 1},
        "admin.request",
        BODY + "Object contains unknown field `hours`.",
    ),
    (
        "POST /clock/advance",
        {"seconds": -1},
        "admin.request",
        BODY + "Expected `float` >= 0.0 - at `$.seconds`.",
    ),
    (
        "POST /clock/advance",
        {"seconds": 1e308},
        "admin.request",
        BODY + "Expected `float` <= 1000000000000.0 - at `$.seconds`.",
    ),
    (
        "POST /clock/advance",
        {"seconds": 1e12},
        "clock.range",
        "1001778754030 epoch seconds is not between the years 1 and 9999.",
    ),
    (
        "POST /clock/advance",
        {"to": "tomorrow"},
        "admin.request",
        "to is 'tomorrow'; expected an instant such as 2026-11-21T10:00:00Z.",
    ),
    (
        "POST /clock/advance",
        {"to": "2026-05-14T10:20:29Z"},
        "clock.range",
        "2026-05-14T10:20:29Z is before what the clock shows, 2026-05-14T10:20:30Z; set the clock "
        "to go back.",
    ),
]


@pytest.mark.parametrize(("call", "body", "rule", "message"), REFUSALS)
class TestRefusals:
    """Bodies that the clock cannot be turned by."""

    def test_is_refused_with_a_sentence(self, server, call, body, rule, message):
        """The answer names the rule, the offending value and what would have passed."""
        answer = ask(server, call, body)
        assert answer[:2] == (400, {"error": {"rule": rule, "message": message}})

    def test_leaves_the_clock_as_it_was(self, server, call, body, rule, message):
        """A refused call turns nothing."""
        del rule, message
        ask(server, call, body)
        assert ask(server, "GET /clock").body == {"mode": "running", "now": NOW}


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("PUT /clock", FROZEN),
        ("PUT /clock", {}),
        ("POST /clock/advance", {"seconds": 1}),
        ("POST /clock/advance", {"to": LATER}),
    ],
)
def test_a_real_clock_cannot_be_turned(tmp_path, call, body):
    """A server that runs by real time refuses, and says how to start one that does not."""
    settings = Settings(data=tmp_path / "data", clock="real")
    with live_server(settings, real=lambda: REAL) as server:
        answer = ask(server, call, body)
    assert answer[:2] == (
        400,
        {
            "error": {
                "rule": "clock.real",
                "message": "This server runs by real time; start it with --clock settable to turn "
                "its clock.",
            }
        },
    )


def test_a_real_clock_is_shown(tmp_path):
    """A clock that cannot be turned can be read."""
    settings = Settings(data=tmp_path / "data", clock="real")
    with live_server(settings, real=lambda: REAL) as server:
        answer = ask(server, "GET /clock")
    assert answer.body == {"mode": "running", "now": NOW}


def test_a_turned_clock_is_kept_across_a_restart(tmp_path):
    """A server started again on the same directory shows what the clock was set to."""
    settings = Settings(data=tmp_path / "data")
    with live_server(settings, real=lambda: REAL) as server:
        ask(server, "PUT /clock", FROZEN)
    with live_server(settings, real=lambda: REAL + 1) as server:
        assert ask(server, "GET /clock").body == FROZEN

"""The clock's settings as values."""

import pytest

from builders import NOW
from waag.domain.clock import REAL_TIME, ClockMode, ClockSetting, advanced, set_to
from waag.domain.instants import DAY, HOUR, INSTANT_MAX, MINUTE

RUNNING, FROZEN = ClockMode.RUNNING, ClockMode.FROZEN


@pytest.mark.parametrize(
    ("setting", "passes", "shown"),
    [
        pytest.param(REAL_TIME, MINUTE, NOW + MINUTE, id="real time"),
        pytest.param(set_to(RUNNING, NOW + DAY, NOW), 0, NOW + DAY, id="set ahead"),
        pytest.param(set_to(RUNNING, NOW + DAY, NOW), MINUTE, NOW + DAY + MINUTE, id="runs on"),
        pytest.param(set_to(RUNNING, NOW - DAY, NOW), MINUTE, NOW - DAY + MINUTE, id="set back"),
        pytest.param(
            set_to(RUNNING, INSTANT_MAX, NOW), DAY, INSTANT_MAX, id="stands where the calendar ends"
        ),
        pytest.param(set_to(FROZEN, NOW + DAY, NOW), MINUTE, NOW + DAY, id="frozen ahead"),
        pytest.param(set_to(FROZEN, NOW - DAY, NOW), MINUTE, NOW - DAY, id="frozen back"),
        pytest.param(set_to(FROZEN, NOW, NOW), -MINUTE, NOW, id="real time goes back"),
        pytest.param(
            advanced(set_to(RUNNING, NOW + DAY, NOW), HOUR),
            MINUTE,
            NOW + DAY + HOUR + MINUTE,
            id="running, advanced",
        ),
        pytest.param(
            advanced(set_to(FROZEN, NOW, NOW), HOUR), MINUTE, NOW + HOUR, id="frozen, advanced"
        ),
    ],
)
def test_what_a_setting_shows(setting, passes, shown):
    """A running clock keeps its distance from real time, a frozen one stands."""
    assert setting.shows(NOW + passes) == shown


@pytest.mark.parametrize("mode", ClockMode)
def test_advancing_keeps_the_mode(mode):
    """A frozen clock stays frozen, a running one goes on running."""
    assert advanced(ClockSetting(mode, 5), 7) == ClockSetting(mode, 12)

"""How the months of an attribution are shared."""

import pytest

from allocated import allocation
from waag.domain.attribution.months import format_month
from waag.domain.attribution.months_shown import shared_months


def shown(*allocations):
    """Spans of months, what is allocated and what remains, and of whom."""
    return [
        (
            format_month(each.first),
            format_month(each.last),
            each.allocated,
            each.remaining,
            "".join(of.id for of in each.allocations),
        )
        for each in shared_months(allocations)
    ]


@pytest.mark.parametrize(
    ("allocations", "expected"),
    [
        ([], []),
        ([allocation("60", id="a")], [("2026-08", "2026-08", 6000, 4000, "a")]),
        ([allocation("60", id="a", status="INACTIVE")], []),
        (
            [allocation("60", id="a"), allocation("40", id="b")],
            [("2026-08", "2026-08", 10000, 0, "ab")],
        ),
        (
            [allocation("60", "2026-08..2026-10", id="a"), allocation("15.5", "2026-09", id="b")],
            [
                ("2026-08", "2026-08", 6000, 4000, "a"),
                ("2026-09", "2026-09", 7550, 2450, "ab"),
                ("2026-10", "2026-10", 6000, 4000, "a"),
            ],
        ),
        (
            [allocation("1", "2026-08", id="a"), allocation("2", "2026-12..9999-12", id="b")],
            [
                ("2026-08", "2026-08", 100, 9900, "a"),
                ("2026-12", "9999-12", 200, 9800, "b"),
            ],
        ),
        (
            [allocation("1", "2026-08", id="a"), allocation("2", "2026-09", id="b")],
            [
                ("2026-08", "2026-08", 100, 9900, "a"),
                ("2026-09", "2026-09", 200, 9800, "b"),
            ],
        ),
        ([allocation("0", id="a")], [("2026-08", "2026-08", 0, 10000, "a")]),
    ],
)
def test_months_that_are_shared_alike_are_shown_together(allocations, expected):
    """A span for as long as the same allocations are active; months without any are left out."""
    assert shown(*allocations) == expected

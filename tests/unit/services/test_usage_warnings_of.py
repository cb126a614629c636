import msgspec
import pytest

from builders import NOW, market, refusal_of
from waag.domain.instants import HOUR
from waag.domain.refused_usage import UnrecordedUsage
from waag.domain.usage import LIMIT_MAX, RecordedUsage, UsageQuery
from waag.services.usage import UsageQueryRefused
from waag.services.usage_warnings import usage_warnings

HOUR_NOW = NOW // HOUR


def zero(number):
    """A zero of the first minute of an hour."""
    hour = HOUR_NOW + number
    return RecordedUsage(
        (1, hour, "us-east-1", 3, 0, 1, ""),
        str(number),
        "analytics",
        "agmt-1",
        "210000000001",
        None,
        None,
        "users",
        hour * HOUR,
        0,
        "us-east-1",
        hour * HOUR,
        (),
    )


class Usage:
    """The port `UsageReader` on a list.

    Attributes:
        asked: every question about accepted usage, in order.
        asked_of_lost: the limits of those about lost usage.
    """

    def __init__(self, count: int) -> None:
        self._records = [zero(number) for number in range(count)]
        self.asked: list[UsageQuery] = []
        self.lost: list[UnrecordedUsage] = []
        self.asked_of_lost: list[int] = []

    def usage_records(self, asked: UsageQuery) -> list[RecordedUsage]:
        """One page."""
        self.asked.append(asked)
        later = [each for each in self._records if asked.after is None or each.key > asked.after]
        return later[: asked.limit]

    def unrecorded(self, asked: UsageQuery) -> list[UnrecordedUsage]:
        """Nothing was lost, or one record."""
        self.asked_of_lost.append(asked.limit)
        return self.lost[: asked.limit]


def warnings(usage, limit=LIMIT_MAX, **given):
    """The ids of records that are warned of, and whether there are more."""
    usual = {"product": None, "since": None, "until": None}
    found = usage_warnings(usage, market(), limit=limit, **(usual | given))
    return [int(each.records[0]) for each in found.warnings], found.more


@pytest.mark.parametrize(
    ("count", "limit", "expected"),
    [(0, 1, ([], False)), (1, 1, ([0], False)), (2, 1, ([0], True)), (3, 5, ([0, 1, 2], False))],
)
def test_as_many_as_asked_for(count, limit, expected):
    """And whether there are others."""
    assert warnings(Usage(count), limit) == expected


def test_all_pages_are_read():
    """One after the other."""
    usage = Usage(LIMIT_MAX + 5)
    assert (len(warnings(usage, LIMIT_MAX + 9)[0]), len(usage.asked)) == (LIMIT_MAX + 5, 2)


def test_no_more_is_read_than_is_needed():
    """The first page has enough."""
    usage = Usage(3 * LIMIT_MAX)
    warnings(usage, 10)
    assert len(usage.asked) == 1


@pytest.mark.parametrize("product", ["analytics", "prod-analytics0001"])
def test_what_is_looked_at(product):
    """The usage of one product, by code or id, in a span of time."""
    usage = Usage(0)
    warnings(usage, product=product, since=1, until=2)
    assert [msgspec.structs.asdict(each) for each in usage.asked] == [
        {
            "product": 1,
            "agreement": None,
            "since": 1,
            "until": 2,
            "after": None,
            "limit": LIMIT_MAX,
        }
    ]


@pytest.mark.parametrize(
    ("count", "limit", "expected", "asked_of_lost"),
    [(0, 1, ["not-recorded"], [2]), (1, 1, ["early-zero"], [1]), (2, 1, ["early-zero"], [])],
)
def test_lost_usage_comes_last(count, limit, expected, asked_of_lost):
    """And is looked for as far as there is room."""
    usage = Usage(count)
    usage.lost = [UnrecordedUsage("analytics", "1", "users", "Unprocessed", 1, NOW, "r", None)]
    given = {"product": None, "since": None, "until": None, "limit": limit}
    found = usage_warnings(usage, market(), **given)
    assert [each.kind.value for each in found.warnings] == expected
    assert (found.more, usage.asked_of_lost) == (count > 0, asked_of_lost)


def test_an_unknown_product_is_refused():
    """As where usage is read."""
    assert refusal_of(warnings, Usage(0), product="tulips") == (
        UsageQueryRefused,
        "There is no product with the code or id 'tulips'.",
    )

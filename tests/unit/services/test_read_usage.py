"""Reading accepted usage back, page by page."""

from collections.abc import Sequence

import pytest

from builders import BUYER, NOW, market, refusal_of
from waag.domain.usage import RecordedUsage, UsageQuery
from waag.services.usage import UsagePage, UsageQueryRefused, read_usage

MARKET = market()


class FakeUsageReader:
    """The port `UsageReader` over records in key order; keeps what it was asked."""

    def __init__(self, records: Sequence[RecordedUsage] = ()) -> None:
        self.records = records
        self.asked: list[UsageQuery] = []

    def usage_records(self, asked: UsageQuery) -> Sequence[RecordedUsage]:
        """At most `asked.limit` records after `asked.after`."""
        self.asked.append(asked)
        after = [each for each in self.records if asked.after is None or each.key > asked.after]
        return after[: asked.limit]


def recorded(hour: int) -> RecordedUsage:
    """A record of an hour."""
    return RecordedUsage(
        (1, hour, "us-east-1", 3, 0, 1, ""),
        f"id-{hour}",
        "analytics",
        "agmt-1",
        BUYER,
        "cust-1",
        None,
        "users",
        hour,
        5_000_000,
        "us-east-1",
        NOW,
        (),
    )


def read(reader, **asked):
    """A page of everything, unless less is asked for."""
    usual = {
        "product": None,
        "agreement": None,
        "since": None,
        "until": None,
        "after": None,
        "limit": 100,
    }
    return read_usage(reader, MARKET, **(usual | asked))


@pytest.mark.parametrize(
    ("kept", "limit", "pages"),
    [
        (0, 2, [[]]),
        (1, 2, [["id-0"]]),
        (2, 2, [["id-0", "id-1"]]),
        (3, 2, [["id-0", "id-1"], ["id-2"]]),
        (4, 2, [["id-0", "id-1"], ["id-2", "id-3"]]),
        (3, 1, [["id-0"], ["id-1"], ["id-2"]]),
        (3, 1000, [["id-0", "id-1", "id-2"]]),
    ],
)
def test_pages(kept, limit, pages):
    """Every record once and in order; the last page, even a full one, says that it is."""
    reader = FakeUsageReader([recorded(hour) for hour in range(kept)])
    page = read(reader, limit=limit)
    found = [[record.id for record in page.records]]
    while page.next is not None:
        page = read(reader, limit=limit, after=page.next)
        found.append([record.id for record in page.records])
    assert found == pages


def test_a_record_that_comes_in_between_pages():
    """A page goes on from a key, not from a count, so nothing is shown twice or left out."""
    reader = FakeUsageReader([recorded(1), recorded(2), recorded(3)])
    first = read(reader, limit=2)
    reader.records = [recorded(hour) for hour in range(5)]
    second = read(reader, limit=2, after=first.next)
    assert [record.id for record in second.records] == ["id-3", "id-4"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, UsageQuery(limit=101)),
        ({"product": "vault"}, UsageQuery(product=2, limit=101)),
        ({"product": "prod-vault00000001"}, UsageQuery(product=2, limit=101)),
        ({"agreement": "agmt-3"}, UsageQuery(product=2, agreement=3, limit=101)),
        (
            {"product": "vault", "agreement": "agmt-3"},
            UsageQuery(product=2, agreement=3, limit=101),
        ),
        ({"since": 5, "until": 7, "limit": 1}, UsageQuery(since=5, until=7, limit=2)),
    ],
)
def test_what_the_reader_is_asked(asked, expected):
    """Names become numbers, an agreement brings its product, and one record more tells the end."""
    reader = FakeUsageReader()
    read(reader, **asked)
    assert reader.asked == [expected]


def test_an_agreement_to_another_product():
    """Nothing can be of both, so the reader is not asked."""
    reader = FakeUsageReader([recorded(1)])
    assert read(reader, product="analytics", agreement="agmt-3") == UsagePage((), None)
    assert reader.asked == []


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"product": "nothing"}, "There is no product with the code or id 'nothing'."),
        ({"agreement": "agmt-9"}, "There is no agreement 'agmt-9'."),
        (
            {"product": "nothing", "agreement": "agmt-9"},
            "There is no product with the code or id 'nothing'.",
        ),
    ],
)
def test_a_name_of_nothing(asked, why):
    """What is asked for by a name that is none is refused, not answered with nothing."""
    assert refusal_of(read, FakeUsageReader(), **asked) == (UsageQueryRefused, why)

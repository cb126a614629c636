"""Requests for data sets, and sellers as these know them, on a real file."""

import pytest
from msgspec.structs import replace

from builders import ACCOUNTS, AGREEMENTS, BUYER, NOW, OTHER_SELLER, PRODUCTS, SELLER
from waag.domain.analytics.data_sets import Coverage
from waag.domain.analytics.destinations import Destination
from waag.domain.analytics.enrollments import Enrollment
from waag.domain.analytics.requests import (
    DataSetRequest,
    Progress,
    RequestQuery,
    RequestStatus,
)
from waag.domain.instants import DAY
from waag.domain.market_changes import MarketChange
from waag.storage.analytics.requests import SqliteDataSetRequests
from waag.storage.database import open_reader
from waag.storage.markets import SqliteMarkets
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox

REQUEST = DataSetRequest(
    "id-1",
    SELLER,
    "daily_business_fees",
    NOW - DAY,
    NOW - DAY,
    Coverage(NOW - 3 * DAY, NOW - 2 * DAY),
    "daily_business_fees_2026-05-13",
    Destination("role", "external", "policy", "bucket", "🌷", "topic"),
    {"run": "7"},
    NOW,
)
SETTLED = Progress(RequestStatus.SUCCEEDED, completed=NOW)


@pytest.fixture
def requests(ledger, writer):
    """The requests of an empty ledger."""
    opened = SqliteDataSetRequests(writer, Reader(open_reader(ledger)))
    yield opened
    opened.close()


def put(requests, *sellers):
    """A request of each of these, numbered from 1."""
    for number, seller in enumerate(sellers, 1):
        requests.put(replace(REQUEST, id=f"id-{number}", seller_id=seller))


def numbers(found):
    """Which they are."""
    return [each.number for each in found]


def query(**given):
    """All, newest first."""
    usual = {"seller_id": None, "type": None, "status": None, "before": None, "limit": 10}
    return RequestQuery(**(usual | given))


def test_a_request_is_kept_whole(requests):
    """To be carried out."""
    requests.put(REQUEST)
    found = requests.request("id-1")
    assert (found.request, found.progress) == (REQUEST, Progress())


def test_a_request_that_there_is_not(requests):
    """Is none."""
    assert requests.request("id-2") is None


def test_how_far_it_has_come_is_kept(requests):
    """All of it."""
    requests.put(REQUEST)
    progress = Progress(RequestStatus.REFUSED, 3, NOW, "why", "last", NOW + 1)
    requests.proceed(1, progress)
    assert requests.request("id-1").progress == progress


def test_the_oldest_of_each_seller_that_is_not_settled(requests):
    """Those to be tried first in front."""
    put(requests, SELLER, SELLER, OTHER_SELLER, OTHER_SELLER, "3")
    requests.proceed(1, SETTLED)
    requests.proceed(3, Progress(RequestStatus.DELIVERED, 1, NOW))
    requests.proceed(5, Progress(RequestStatus.FAILED))
    assert (numbers(requests.unsettled(10)), numbers(requests.unsettled(1))) == ([2, 3], [2])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [3, 2, 1]),
        ({"limit": 2}, [3, 2]),
        ({"before": 3}, [2, 1]),
        ({"seller_id": SELLER}, [2, 1]),
        ({"seller_id": SELLER, "before": 2}, [1]),
        ({"status": RequestStatus.PENDING}, [3, 2]),
        ({"seller_id": SELLER, "status": RequestStatus.SUCCEEDED}, [1]),
        ({"type": "daily_business_fees"}, [3, 2, 1]),
        ({"seller_id": SELLER, "type": "another"}, []),
    ],
    ids=str,
)
def test_requests_are_listed(requests, asked, expected):
    """Newest first."""
    put(requests, SELLER, SELLER, OTHER_SELLER)
    requests.proceed(1, SETTLED)
    assert numbers(requests.requests(query(**asked))) == expected


@pytest.fixture
def market(writer):
    """The default market, in which SELLER has enrolled."""
    here = Enrollment(SELLER, "role", "bucket", "topic")
    change = MarketChange(ACCOUNTS, PRODUCTS, AGREEMENTS, enrollments=(here,))
    SqliteMarkets(writer, SecretBox(b"k" * 32, bytes)).change(lambda _: change)


@pytest.mark.usefixtures("market")
def test_since_when_a_seller_sells(requests):
    """Since the earliest agreement to any product of theirs; whoever has none, nobody knows."""
    assert (requests.first_agreement(SELLER), requests.first_agreement(BUYER)) == (
        min(each.starts for each in AGREEMENTS),
        None,
    )


@pytest.mark.usefixtures("market")
def test_who_has_enrolled(requests):
    """By account, at most so many."""
    assert (requests.enrolled(2), requests.enrolled(0)) == ([SELLER], [])

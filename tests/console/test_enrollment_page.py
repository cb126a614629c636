"""A seller enrols in data sets in a browser, and sees what a delivery would miss."""

import pytest
from browsing import get, post

from server import DIJK, POLDER, live_server
from waag.config import Settings

SELLER = "120000000002"
PAGE = f"/storefront/sellers/{SELLER}/enrollment"
POLDERS = "/storefront/sellers/120000000001/enrollment"


def test_a_seller_is_found_by_its_digits(standing_server):
    """The first page asks for them."""
    found = get(standing_server, "/storefront/sellers?account=120000000001")
    assert (found.status, found.headers["location"]) == (303, POLDERS)
    assert "A seller's enrolment in data sets" in get(standing_server, "/storefront").text


@pytest.mark.parametrize(
    "path",
    [
        "/storefront/sellers",
        "/storefront/sellers?account=210000000001",
        "/storefront/sellers/210000000001/enrollment",
    ],
)
def test_who_is_no_seller(standing_server, path):
    """Is told so."""
    shown = get(standing_server, path)
    assert (shown.status, "is no seller's account in this market." in shown.text) == (404, True)


def test_where_a_seller_has_enrolled(server):
    """And that a delivery may do there all that it takes."""
    shown = get(server, POLDERS)
    assert (shown.status, shown.html.count(">ok<"), shown.html.count(">missing<")) == (200, 7, 0)
    assert "role/MarketplaceCommerceAnalyticsRole" in shown.text


def test_enrolling(server):
    """The button makes all of it, under the names that were filled in."""
    assert 'placeholder="marketplace-reports-120000000002"' in get(server, PAGE).html
    sent = post(server, PAGE, {"bucket": " dijk ", "topic": "", "role": "", "prefix": "sets"})
    assert (sent.status, sent.headers["location"]) == (303, f"{PAGE}?done=enrolled")
    shown = get(server, sent.headers["location"])
    assert ("The seller has enrolled." in shown.text, shown.html.count(">ok<")) == (True, 7)
    assert server.ask("GET", f"/enrollments/{SELLER}")["bucket"] == "dijk"


def test_enrolling_again(server):
    """What is gone is made again."""
    server.client(POLDER, "s3").delete_bucket(Bucket="polder-reports")
    missing = get(server, POLDERS)
    post(server, POLDERS, {})
    assert ("See that bucket polder-reports exists" in missing.text) is True
    assert get(server, POLDERS).html.count(">ok<") == 7


@pytest.mark.parametrize(
    ("path", "form", "status", "why"),
    [
        (PAGE, {"bucket": "polder-reports"}, 422, "is another account's"),
        (PAGE, {"role": "a role"}, 422, "is not the ARN of a role"),
        (POLDERS, {"bucket": "another"}, 409, "has enrolled with the bucket 'polder-reports'"),
    ],
)
def test_what_is_refused(server, path, form, status, why):
    """The page says why, and keeps what was filled in."""
    shown = post(server, path, form)
    assert (shown.status, why in shown.text) == (status, True)
    assert server.client(DIJK, "s3").list_buckets()["Buckets"] == []


def test_another_sites_form(server):
    """Is not taken."""
    sent = post(server, PAGE, {}, origin="https://elsewhere.example")
    assert (sent.status, get(server, PAGE).html.count(">ok<")) == (403, 0)


def test_another_aws(tmp_path):
    """The seller is shown what to run there."""
    settings = Settings(data=tmp_path / "data", aws_endpoint="http://127.0.0.1:9")
    with live_server(settings) as server:
        shown = get(server, POLDERS)
    assert "aws --endpoint-url http://127.0.0.1:9 iam create-role" in shown.text
    assert (shown.html.count(">unknown<"), "Enrol again" in shown.text) == (7, False)

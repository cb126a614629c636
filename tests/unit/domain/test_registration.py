import pytest

from builders import (
    BUYER,
    LICENSE,
    NOW,
    OTHER_BUYER,
    OTHER_SELLER,
    SELLER,
    agreement,
    at,
    market,
    refusal_of,
)
from waag.domain.instants import HOUR, INSTANT_MAX, SECOND
from waag.domain.refusals import RegionDisabled, TokenExpired, TokenInvalid
from waag.domain.registration import (
    Registration,
    RegistrationChoices,
    ResolvedCustomer,
    expiry,
    find_customer,
)


def token_for(agreement_id="agmt-1", **given):
    """What a token says that was issued just now and is valid for an hour."""
    return Registration(b"token", agreement_id, NOW, **({"expires": NOW + HOUR} | given))


def found(registration, **given):
    """The customer that SELLER is told of, calling us-east-1 at NOW."""
    usual = {"market": market(), "seller_id": SELLER, "region": "us-east-1", "now": NOW}
    return find_customer(registration, **(usual | given))


@pytest.mark.parametrize(
    ("agreement_id", "customer"),
    [
        ("agmt-1", ResolvedCustomer(BUYER, "analytics", customer_identifier="cust-1")),
        ("agmt-2", ResolvedCustomer(OTHER_BUYER, "analytics", customer_identifier="cust-2")),
        (
            "agmt-3",
            ResolvedCustomer(BUYER, "vault", license_arn=LICENSE, agreement_id="agmt-3"),
        ),
    ],
)
def test_the_integration_decides_on_the_identifiers(agreement_id, customer):
    """Legacy products have a CustomerIdentifier; concurrent agreements a license and an id."""
    assert found(token_for(agreement_id)) == customer


@pytest.mark.parametrize(
    "term",
    [
        {"starts": at("2026-05-14T11:00:00")},
        {"ends": at("2026-05-14T10:00:00")},
    ],
    ids=["not begun", "ended"],
)
def test_the_agreements_term_does_not_matter(term):
    """Who registers is told even before the agreement begins, or after it ended."""
    outside = market(agreements=[agreement(**term)])
    assert found(token_for(), market=outside).customer_aws_account_id == BUYER


@pytest.mark.parametrize(
    ("now", "refused"),
    [
        (NOW - HOUR, None),
        (NOW + HOUR - 1, None),
        (
            NOW + HOUR,
            (
                TokenExpired,
                "Issued at 2026-05-14T10:20:30Z, it was valid until 2026-05-14T11:20:30Z; it is "
                "2026-05-14T11:20:30Z.",
            ),
        ),
    ],
    ids=["before it was issued", "last moment", "over"],
)
def test_a_token_is_judged_by_the_clock(now, refused):
    """It is valid while the clock shows less than its expiry, also on one that was turned back."""
    assert refusal_of(found, token_for(), now=now) == refused


REFUSED = [
    (
        "agmt-x",
        {},
        (TokenInvalid, "The token is for agreement agmt-x, which this market has not."),
    ),
    (
        "agmt-1",
        {"seller_id": OTHER_SELLER},
        (
            TokenInvalid,
            f"The token is for product analytics of account {SELLER}; account {OTHER_SELLER} "
            "called. Call with credentials of the account that published the product.",
        ),
    ),
    (
        "agmt-1",
        {"region": "ap-south-1"},
        (
            RegionDisabled,
            "Product analytics is not offered in ap-south-1; it is in eu-west-1, us-east-1.",
        ),
    ),
]


@pytest.mark.parametrize(
    ("agreement_id", "given", "refused"), REFUSED, ids=["agreement", "seller", "Region"]
)
def test_what_is_refused(agreement_id, given, refused):
    """Each refusal says what was found, and what would have passed."""
    assert refusal_of(found, token_for(agreement_id), **given) == refused


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"seller_id": OTHER_SELLER, "region": "ap-south-1", "now": NOW + HOUR}, TokenInvalid),
        ({"region": "ap-south-1", "now": NOW + HOUR}, RegionDisabled),
    ],
    ids=["seller before Region", "Region before expiry"],
)
def test_the_order_of_the_checks(given, rule):
    """Another seller learns nothing of a token, not even that it has expired."""
    refused = refusal_of(found, token_for(), **given)
    assert refused is not None
    assert refused[0] is rule


@pytest.mark.parametrize(
    ("seconds", "now", "expires"),
    [
        (14_400, NOW, NOW + 4 * HOUR),
        (0, NOW, NOW),
        (3600, INSTANT_MAX - SECOND, INSTANT_MAX),
        (10**30, NOW, INSTANT_MAX),
    ],
    ids=["four hours", "none", "end of the calendar", "beyond reckoning"],
)
def test_the_lifetime_is_a_choice(seconds, now, expires):
    """A token expires so many seconds after it is issued, at the latest when the calendar ends."""
    assert expiry(RegistrationChoices(token_lifetime_seconds=seconds), now) == expires

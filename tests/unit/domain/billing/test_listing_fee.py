"""The listing fee by its documented steps."""

from decimal import Decimal

import pytest

from billed import agreed, always, changed, contract, granting, sold
from builders import at
from waag.domain.billing.listing_fee import fee_rate_of, listing_fee_rate
from waag.domain.market import AgreementStatus, Life, OfferKind, ProductType

NOW = at("2026-06-01T06:00:00")


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        ({}, "0.03"),
        ({"product": ProductType.SAAS_CONTRACT}, "0.03"),
        ({"product": ProductType.AMI}, "0.2"),
        ({"product": ProductType.CONTAINER}, "0.2"),
        ({"private": True, "value": Decimal("999999.99")}, "0.03"),
        ({"private": True, "value": Decimal(1_000_000)}, "0.02"),
        ({"private": True, "value": Decimal("9999999.99")}, "0.02"),
        ({"private": True, "value": Decimal(10_000_000)}, "0.015"),
        ({"private": True, "renewal": True}, "0.015"),
        ({"renewal": True}, "0.03"),
        ({"private": True, "product": ProductType.AMI}, "0.03"),
        ({"resold": True}, "0.035"),
        ({"private": True, "resold": True, "value": Decimal(2_000_000)}, "0.025"),
        ({"country": "KR"}, "0.04"),
        ({"country": "KR", "at": at("2025-03-31T23:59:59")}, "0.03"),
        ({"country": "KR", "at": at("2025-04-01T00:00:00")}, "0.04"),
        ({"country": "KR", "private": True, "renewal": True, "resold": True}, "0.03"),
    ],
)
def test_the_documented_rate(given, rate):
    """By product, offer, value, reseller and country."""
    usual = {"product": ProductType.SAAS_SUBSCRIPTION, "private": False, "at": NOW}
    asked = usual | given
    assert listing_fee_rate(asked.pop("product"), **asked) == Decimal(rate)


@pytest.mark.parametrize(
    ("agreement", "product", "rate"),
    [
        (agreed(), always(sold()), "0.03"),
        (agreed(), always(sold(listing_fee_rate="0.05")), "0.05"),
        (agreed(listing_fee_rate="0.01"), always(sold(listing_fee_rate="0.05")), "0.01"),
        (granting(25_000, prices={"users": "120"}), always(contract()), "0.02"),
        (granting(25_000), always(contract()), "0.03"),
        (
            granting(
                1,
                life=Life(
                    AgreementStatus.ACTIVE, OfferKind.PRIVATE, "offer-2", 0, previous="agmt-0"
                ),
            ),
            always(contract()),
            "0.015",
        ),
        (
            agreed(),
            changed(("2026-05-01T00:00:00", sold(listing_fee_rate="0.05")), latest=sold()),
            "0.03",
        ),
    ],
)
def test_whose_rate_counts(agreement, product, rate):
    """The agreement's own, its product's as of then, or the documented one."""
    assert fee_rate_of(agreement, product, "US", NOW) == rate

"""A contract and an agreement to it, and what commands about agreements are judged by."""

from msgspec.structs import replace

from builders import AGREEMENTS, NOW, PRODUCTS, agreement, market, product
from waag.domain.agreement_events import AgreementChoices
from waag.domain.agreement_names import Names
from waag.domain.agreement_states import Given
from waag.domain.instants import DAY, HOUR
from waag.domain.market import (
    AgreementStatus,
    Dimension,
    DimensionType,
    Entitlement,
    Integration,
    Life,
    OfferKind,
    ProductType,
)
from waag.domain.market_excerpt import MarketExcerpt

SEATS = (Entitlement("seats", 25),)
MORE_SEATS = (Entitlement("seats", 50),)
CONTRACT = product(
    number=6,
    id="prod-contract00001",
    code="contract",
    type=ProductType.SAAS_CONTRACT,
    integration=Integration.CONCURRENT,
    dimensions=(Dimension(7, "seats", DimensionType.ENTITLED, "Users", "1"),),
)
ENDS = NOW + 30 * DAY
LIFE = Life(AgreementStatus.ACTIVE, OfferKind.PUBLIC, "offer-1", NOW - DAY, ENDS + HOUR)
AGREED = agreement(
    number=8,
    id="agmt-8",
    product_id=CONTRACT.id,
    customer_identifier=None,
    license_arn="arn:l-8",
    starts=NOW - DAY,
    ends=ENDS,
    entitlements=SEATS,
    life=LIFE,
)
NO_END = replace(AGREED, ends=None, life=replace(LIFE, closes=None))


def counted():
    """Random bytes that are told apart: 1, 2, 3 and so on."""
    number = 0

    def random_bytes(count):
        nonlocal number
        number += 1
        return number.to_bytes(count)

    return random_bytes


def given(*agreements, now=NOW, **choices):
    """The default market with CONTRACT and these agreements."""
    whole = market()
    return Given(
        MarketExcerpt(whole.accounts.values(), (*PRODUCTS, CONTRACT), (*AGREEMENTS, *agreements)),
        AgreementChoices(**choices),
        now,
        Names(counted()),
    )

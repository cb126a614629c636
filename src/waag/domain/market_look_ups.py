"""Which look-ups of a market a change alters, so that whoever remembers answers can forget those.

What is named here is sent from process to process: names and values of look-ups are plain data.
"""

from collections.abc import Iterator
from enum import Enum
from itertools import islice

import msgspec

from waag.domain.market_changes import MarketChange


class LookUp(Enum):
    """The look-ups of `Market`, by the method's name."""

    PRINCIPAL = "principal"
    ACCOUNT = "account"
    PRODUCT = "product"
    PRODUCT_BY_CODE = "product_by_code"
    AGREEMENT = "agreement"
    AGREEMENT_BY_LICENSE_ARN = "agreement_by_license_arn"
    AGREEMENTS_OF = "agreements_of"
    AGREEMENTS_OF_CUSTOMER = "agreements_of_customer"
    AGREEMENTS_BY_IDENTIFIER = "agreements_by_identifier"
    DEAL = "deal"
    ENROLLMENT = "enrollment"
    TAX_RULE = "tax_rule"


LookedUp = tuple[LookUp, str | tuple[str, str]]
"""One look-up and what was asked for: its argument, or both in order."""

LOOK_UPS_MAX = 1000
"""Changes that alter more are told as altering everything, which is cheaper than to name it all."""


class AlteredLookUps(msgspec.Struct, frozen=True):
    """What may be answered otherwise than before, also where nothing had been found before.

    Attributes:
        look_ups: None where everything may be.
    """

    look_ups: tuple[LookedUp, ...] | None


def altered_by(change: MarketChange) -> AlteredLookUps:
    """The look-ups that have another answer once `change` is carried out."""
    look_ups = tuple(islice(_altered_by(change), LOOK_UPS_MAX + 1))
    return AlteredLookUps(None if len(look_ups) > LOOK_UPS_MAX else look_ups)


def _altered_by(change: MarketChange) -> Iterator[LookedUp]:
    for access_key_id in change.withdrawn_access_keys:
        yield LookUp.PRINCIPAL, access_key_id
    for account in change.accounts:
        yield LookUp.ACCOUNT, account.id
        for principal in account.principals:
            yield LookUp.PRINCIPAL, principal.access_key_id
    for product in change.products:
        yield LookUp.PRODUCT, product.id
        yield LookUp.PRODUCT_BY_CODE, product.code
    for agreement in change.agreements:
        yield LookUp.AGREEMENT, agreement.id
        yield LookUp.AGREEMENTS_OF, (agreement.product_id, agreement.buyer_id)
        if agreement.license_arn is not None:
            yield LookUp.AGREEMENT_BY_LICENSE_ARN, agreement.license_arn
        if agreement.customer_identifier is not None:
            customer = (agreement.product_id, agreement.customer_identifier)
            yield LookUp.AGREEMENTS_OF_CUSTOMER, customer
            yield LookUp.AGREEMENTS_BY_IDENTIFIER, agreement.customer_identifier
    yield from _altered_beside(change)


def _altered_beside(change: MarketChange) -> Iterator[LookedUp]:
    """What no usage hangs on."""
    for deal in change.deals:
        yield LookUp.DEAL, (deal.type, deal.id)
    for enrollment in change.enrollments:
        yield LookUp.ENROLLMENT, enrollment.seller
    for rule in change.tax_rules:
        yield LookUp.TAX_RULE, rule.id

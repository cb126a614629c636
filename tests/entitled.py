"""Agreements that grant something, for tests of entitlements."""

from collections.abc import Sequence
from typing import Any

from builders import agreement
from waag.domain.market import Agreement, Entitlement

VAULT = "prod-vault00000001"


def contract(number: int, *dimensions: str, **given: Any) -> Agreement:
    """BUYER's contract that grants 25 of each dimension; of seats unless said otherwise."""
    granted = tuple(Entitlement(each, 25) for each in dimensions or ("seats",))
    usual = {
        "number": number,
        "id": f"agmt-{number}",
        "product_id": VAULT,
        "customer_identifier": None,
        "license_arn": f"arn:{number}",
        "entitlements": granted,
    }
    return agreement(**(usual | given))


class FakeEntitledAgreements:
    """The port `EntitledAgreements` in memory.

    Attributes:
        read: how many agreements were handed out.
    """

    def __init__(self, *agreements: Agreement) -> None:
        self.agreements = sorted(agreements, key=lambda each: each.number)
        self.read = 0

    def entitled_agreements(
        self, product_id: str, after: int, limit: int, /
    ) -> Sequence[Agreement]:
        """At most so many to one product that grant something, above a number."""
        found = [
            each
            for each in self.agreements
            if each.product_id == product_id and each.number > after and each.entitlements
        ][:limit]
        self.read += len(found)
        return found

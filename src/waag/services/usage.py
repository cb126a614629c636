"""Accepted usage read back by the operator, page by page."""

from collections.abc import Sequence

import msgspec

from waag.domain.instants import Instant
from waag.domain.market import Market
from waag.domain.metering import UsageKey
from waag.domain.refusals import Refusal
from waag.domain.usage import RecordedUsage, UsageQuery
from waag.ports import UsageReader


class UsageQueryRefused(Refusal):
    """A question about usage that names something unknown."""

    rule = "usage.query"


class UsagePage(msgspec.Struct, frozen=True):
    """Records in key order, and the key to go on from; None on the last page."""

    records: Sequence[RecordedUsage]
    next: UsageKey | None


def read_usage(
    reader: UsageReader,
    market: Market,
    *,
    product: str | None,
    agreement: str | None,
    since: Instant | None,
    until: Instant | None,
    after: UsageKey | None,
    limit: int,
) -> UsagePage:
    """What was accepted, for a product (its code or id), an agreement, a span of time.

    Raises:
        UsageQueryRefused: no such product or agreement.
        StoreUnavailable: the ledger or the market could not be read.
    """
    product_number = agreement_number = None
    if product is not None:
        product_number = find_product_number(market, product)
    if agreement is not None:
        agreed = market.agreement(agreement)
        if agreed is None:
            raise UsageQueryRefused(f"There is no agreement {agreement!r}.")
        agreement_number = agreed.number
        agreed_product = market.product(agreed.product_id)
        assert agreed_product is not None, "no agreement without its product"
        if product_number not in (None, agreed_product.number):
            return UsagePage((), None)
        product_number = agreed_product.number
    # One more than asked for tells whether there is a next page.
    asked = UsageQuery(product_number, agreement_number, since, until, after, limit + 1)
    records = reader.usage_records(asked)
    if len(records) <= limit:
        return UsagePage(records, None)
    return UsagePage(records[:limit], records[limit - 1].key)


def find_product_number(market: Market, product: str) -> int:
    """The number of a product that is named by its code or id.

    Raises:
        UsageQueryRefused: there is none.
    """
    found = market.product_by_code(product) or market.product(product)
    if found is None:
        raise UsageQueryRefused(f"There is no product with the code or id {product!r}.")
    return found.number

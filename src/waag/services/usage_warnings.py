"""Usage looked through for what the seller probably did not mean, or lost."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

import msgspec

from waag.domain.instants import Instant
from waag.domain.market import Market
from waag.domain.refused_usage import warning_of
from waag.domain.usage import LIMIT_MAX, RecordedUsage, UsageQuery
from waag.domain.usage_warnings import UsageWarning, find_warnings
from waag.ports import UsageReader
from waag.services.usage import find_product_number

AGREEMENTS_REMEMBERED = 10_000


class WarningsFound(msgspec.Struct, frozen=True):
    """Warnings in key order of the records, lost usage last; `more` if there are others."""

    warnings: Sequence[UsageWarning]
    more: bool


def usage_warnings(
    reader: UsageReader,
    market: Market,
    *,
    product: str | None,
    since: Instant | None,
    until: Instant | None,
    limit: int,
) -> WarningsFound:
    """At most `limit` warnings about the usage of a product (its code or id), in a span of time.

    Reads the records page by page, no further than for that many warnings.

    Raises:
        UsageQueryRefused: no such product.
        StoreUnavailable: the ledger or the market could not be read.
    """
    number = None if product is None else find_product_number(market, product)

    @lru_cache(AGREEMENTS_REMEMBERED)
    def starts_of(agreement_id: str) -> Instant:
        agreement = market.agreement(agreement_id)
        assert agreement is not None, "no usage without its agreement"
        return agreement.starts

    asked = UsageQuery(number, None, since, until, None, LIMIT_MAX)
    suspicions = find_warnings(_all_records(reader, asked), starts_of)
    # One more than asked for tells whether there are others.
    found = list(islice(suspicions, limit + 1))
    left = limit + 1 - len(found)
    if left:
        lost = reader.unrecorded(msgspec.structs.replace(asked, limit=left))
        found += map(warning_of, lost)
    return WarningsFound(found[:limit], len(found) > limit)


def _all_records(reader: UsageReader, asked: UsageQuery) -> Iterator[RecordedUsage]:
    while True:
        page = reader.usage_records(asked)
        yield from page
        if len(page) < asked.limit:
            return
        asked = msgspec.structs.replace(asked, after=page[-1].key)

"""What a data set is asked by: whose, of which time, and what was known by then.

Only facts dated before `known` count, and market entries are told as they were at `then`, so that
whoever asks again gets the same, whatever has happened since.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeAlias

import msgspec

from waag.domain.analytics.choices import Available
from waag.domain.analytics.data_sets import (
    DATA_SET_TYPES,
    Cadence,
    publication_of,
)
from waag.domain.instants import DAY, HOUR, SECOND, Instant, start_of_month
from waag.domain.months import month_of

PUBLISHED_AFTER = 3 * DAY
"""How long after the day of a payout its report is published.

Source: AWS Marketplace Seller Guide of 2018: three days; later ones say three to five.
"""

Fields: TypeAlias = Mapping[str, Any]
"""A row, its values by name."""


class Store(Protocol):
    """Where the facts are; a statement may name any of the parameters that it is given."""

    def rows(self, statement: str, parameters: Fields) -> Iterator[Fields]:
        """What a statement answers, row by row, all as of one moment.

        Raises:
            StoreUnavailable: from the rows, too.
        """
        ...


class Asked(msgspec.Struct, frozen=True):
    """One data set of one seller.

    Attributes:
        published: midnight of the publication date.
        starts, ends: the time that it tells of; the end is not in it.
        known: facts dated before this count.
        then: before this instant names, addresses and terms are looked at.
    """

    seller_id: str
    published: Instant
    starts: Instant
    ends: Instant
    known: Instant
    then: Instant

    @property
    def parameters(self) -> Fields:
        """For statements."""
        paid_out_on = self.published - PUBLISHED_AFTER
        return {
            "seller": self.seller_id,
            "uncollected": f"uncollected/{self.seller_id}",
            "collected": f"collected/{self.seller_id}",
            "published": self.published,
            "starts": self.starts,
            "ends": self.ends,
            "known": self.known,
            "then": self.then,
            "month": str(month_of(self.starts)),
            "first_hour": self.starts // HOUR,
            "end_hour": -(-self.ends // HOUR),
            "month_hour": start_of_month(self.starts) // HOUR,
            "paid_out_from": paid_out_on,
            "paid_out_until": paid_out_on + DAY,
            "day": DAY,
            "hour": HOUR,
        }


def asked(data_set: str, seller_id: str, published: Instant, available: Available) -> Asked:
    """What a data set of a publication date is asked by.

    Args:
        data_set: the name of its type.
        seller_id: whose.
        published: midnight of the publication date.
        available: when it can be had; whatever was known by then is told.
    """
    known = published + DAY if available is Available.END_OF_DAY else published
    kind = DATA_SET_TYPES[data_set]
    if kind.cadence is Cadence.DISBURSEMENT:
        return Asked(seller_id, published, published - PUBLISHED_AFTER, known, known, known)
    covers = publication_of(kind, published, published, None).covers
    ends = covers.ends + SECOND
    return Asked(seller_id, published, covers.starts, ends, known, ends)

"""Made-up buyers: names, where they sit, how large they are, and when they pay."""

from enum import Enum
from typing import Literal

import msgspec

from waag.domain.billing_terms import Collection
from waag.domain.market import AccountKind
from waag.domain.market_definition import AccountDefinition, AddressDefinition
from waag.domain.simulation.chances import Chances
from waag.domain.simulation.places import PLACES, Place

ACCOUNT_DIGITS = 12
_FIRST = 300_001_000_000
"""Above the accounts of the demo market, and of the sellers that a simulation adds."""

_SEEDS, _ACCOUNTS_EACH = 600_000, 1_000_000

_FIRST_WORDS = """
Alder Amber Anchor Aster Atlas Aurora Basalt Beacon Birch Bluebird Borealis Bramble Canal
Cedar Cinder Clover Cobalt Copper Coral Crest Delta Dune Ember Falcon Fern Fjord Flint
Garnet Glacier Granite Harbor Hazel Heron Indigo Iris Jasper Juniper Kestrel Lantern Larch
Lotus Lumen Maple Marble Meadow Mosaic Nimbus Northwind Oak Onyx Orchard Osprey Pebble Pine
Prairie Quarry Quartz Raven Reef Ridge River Saffron Sage Sierra Slate Sparrow Spruce Summit
Tamarind Thistle Tidal Timber Topaz Tundra Umber Vale Verdant Walnut Willow Zephyr
"""
_SECOND_WORDS = """
Analytics Bank Bakeries Biotech Capital Clinics Energy Foods Freight Games Health Hotels
Insurance Labs Logistics Media Mobility Motors Music Networks Optics Outfitters Payments
Pharma Power Properties Retail Robotics Schools Security Shipping Software Sports Studios
Systems Telecom Textiles Travel Water Works
"""
_WORDS, _TRADES = _FIRST_WORDS.split(), _SECOND_WORDS.split()
_FORMS = {"US": "Inc", "CA": "Inc", "GB": "Ltd", "IE": "Ltd", "NL": "BV", "DE": "GmbH"}
_FORMS_ELSEWHERE = {"FR": "SAS", "SE": "AB", "ES": "SL", "JP": "KK", "AU": "Pty Ltd"}


class Size(Enum):
    """How large a buyer is; `value` is what it spends in a month, in dollars, from and to."""

    SMALL = (20, 400)
    MEDIUM = (400, 4_000)
    LARGE = (4_000, 30_000)


class Payer(Enum):
    """When a buyer pays."""

    AT_ONCE = "at-once"
    ON_TIME = "on-time"
    LATE = "late"
    IN_PARTS = "in-parts"
    """Half of what is open, month after month, each recorded by the operator."""
    NEVER = "never"


_SIZES = ((Size.SMALL, 70), (Size.MEDIUM, 24), (Size.LARGE, 6))
_PAYERS = (
    (Payer.AT_ONCE, 45),
    (Payer.ON_TIME, 36),
    (Payer.LATE, 14),
    (Payer.IN_PARTS, 3),
    (Payer.NEVER, 2),
)
_WRITTEN_OFF_DAYS = 45
_LATE_DAYS = (2, 40)

_Pays = Literal["on-invoice", "on-time", "late", "never", "as-recorded"]
_POLICIES: dict[Payer, _Pays] = {
    Payer.AT_ONCE: "on-invoice",
    Payer.ON_TIME: "on-time",
    Payer.LATE: "late",
    Payer.IN_PARTS: "as-recorded",
    Payer.NEVER: "never",
}


class Buyer(msgspec.Struct, frozen=True):
    """A made-up buyer.

    Attributes:
        spends: dollars in a month, for one product.
    """

    account: AccountDefinition
    place: Place
    spends: int
    payer: Payer


def account_ids(seed: int, count: int) -> list[str]:
    """The accounts of the buyers of a simulation: others for another seed, as far as there are."""
    first = _FIRST + seed % _SEEDS * _ACCOUNTS_EACH
    return [f"{first + number:0{ACCOUNT_DIGITS}}" for number in range(1, count + 1)]


def buyer(account_id: str, chances: Chances) -> Buyer:
    """One buyer."""
    place = chances.weighted(PLACES)
    words = (chances.one_of(_WORDS), chances.one_of(_TRADES))
    form = (_FORMS | _FORMS_ELSEWHERE).get(place.country, "Co")
    size = chances.weighted(_SIZES)
    payer = chances.weighted(_PAYERS)
    account = AccountDefinition(
        id=account_id,
        name=" ".join((*words, form)),
        kind=AccountKind.BUYER,
        address=AddressDefinition(
            country=place.country, state=place.state, city=place.city, postal_code=place.postal_code
        ),
        email_domain=f"{'-'.join(words).lower()}.example",
        payment_days=chances.one_of((15, 30, 30, 30, 45)),
        collection=Collection(
            pays=_POLICIES[payer],
            days=chances.whole(*_LATE_DAYS) if payer is Payer.LATE else 0,
            written_off_days=_WRITTEN_OFF_DAYS if payer is Payer.NEVER else None,
        ),
    )
    return Buyer(account, place, chances.whole(*size.value), payer)

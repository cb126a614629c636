"""Where made-up buyers sit: cities with what tax and geography reports ask for."""

from collections.abc import Sequence

import msgspec

from waag.domain.billing_terms import TaxRule


class Place(msgspec.Struct, frozen=True):
    """A city.

    Attributes:
        country: ISO 3166-1 alpha-2.
        state: where addresses have one.
        ahead: hours that its clocks are ahead of UTC; the year round, as usage is made up.
        region: the AWS Region that its customers use, where a product is in it.
    """

    country: str
    state: str | None
    city: str
    postal_code: str
    ahead: int
    region: str


PLACES: Sequence[tuple[Place, int]] = (
    (Place("US", "WA", "Seattle", "98101", -8, "us-west-2"), 8),
    (Place("US", "CA", "San Francisco", "94105", -8, "us-west-2"), 10),
    (Place("US", "TX", "Austin", "78701", -6, "us-east-1"), 7),
    (Place("US", "IL", "Chicago", "60601", -6, "us-east-1"), 5),
    (Place("US", "NY", "New York", "10001", -5, "us-east-1"), 11),
    (Place("US", "MA", "Boston", "02108", -5, "us-east-1"), 5),
    (Place("CA", "ON", "Toronto", "M5H 2N2", -5, "us-east-1"), 4),
    (Place("BR", "SP", "Sao Paulo", "01310-100", -3, "sa-east-1"), 3),
    (Place("GB", None, "London", "EC2A 4NE", 0, "eu-west-2"), 8),
    (Place("IE", None, "Dublin", "D02 X285", 0, "eu-west-1"), 2),
    (Place("NL", None, "Amsterdam", "1012 AB", 1, "eu-west-1"), 5),
    (Place("DE", None, "Berlin", "10115", 1, "eu-central-1"), 7),
    (Place("FR", None, "Paris", "75002", 1, "eu-west-3"), 5),
    (Place("SE", None, "Stockholm", "111 20", 1, "eu-north-1"), 2),
    (Place("ES", None, "Madrid", "28013", 1, "eu-west-1"), 2),
    (Place("ZA", None, "Cape Town", "8001", 2, "eu-west-1"), 1),
    (Place("IN", "KA", "Bengaluru", "560001", 5, "ap-south-1"), 5),
    (Place("SG", None, "Singapore", "048616", 8, "ap-southeast-1"), 3),
    (Place("JP", None, "Tokyo", "100-0005", 9, "ap-northeast-1"), 4),
    (Place("AU", "NSW", "Sydney", "2000", 10, "ap-southeast-2"), 3),
)
"""Cities, and how many of a hundred buyers sit there."""

TAXES = (
    TaxRule(id="made-up-us-wa", country="US", state="WA", jurisdiction="Washington", rate="0.065"),
    TaxRule(
        id="made-up-us-wa-seattle",
        country="US",
        state="WA",
        city="Seattle",
        jurisdiction="Seattle",
        rate="0.0385",
        level="City",
    ),
    TaxRule(id="made-up-us-tx", country="US", state="TX", jurisdiction="Texas", rate="0.0625"),
    TaxRule(id="made-up-us-ny", country="US", state="NY", jurisdiction="New York", rate="0.04"),
    *(
        TaxRule(
            id=f"made-up-vat-{country.lower()}",
            country=country,
            jurisdiction=name,
            rate=rate,
            level="Country",
            type="VAT",
        )
        for country, name, rate in (
            ("GB", "United Kingdom", "0.20"),
            ("IE", "Ireland", "0.23"),
            ("NL", "Netherlands", "0.21"),
            ("DE", "Germany", "0.19"),
            ("FR", "France", "0.20"),
            ("SE", "Sweden", "0.25"),
            ("ES", "Spain", "0.21"),
        )
    ),
)
"""What is taxed where, for a market that taxes nothing. Made up, if not far from what is: nobody
may file a tax return by it."""

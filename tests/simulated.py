"""Plans of made-up business for tests, made of the demo market's products."""

import random
from typing import Any

from builders import demo_market
from waag.domain.market import Product
from waag.domain.market_changes import changes_to
from waag.domain.market_excerpt import MarketExcerpt
from waag.domain.months import Month
from waag.domain.simulation.chances import Chances
from waag.domain.simulation.offerings import lacking
from waag.domain.simulation.plan import Asked, Plan, plan

JANUARY = Month(2026, 1)


def asked(**given: Any) -> Asked:
    """Three months with twelve customers."""
    return Asked(**({"seed": 1, "months": 3, "customers": 12, "first": JANUARY} | given))


def products() -> list[Product]:
    """What the demo market sells, with what it lacks."""
    empty = MarketExcerpt()
    sold = changes_to(empty, demo_market()).products
    return [*sold, *changes_to(empty, lacking(sold)).products]


PRODUCTS = products()


def planned(**given: Any) -> Plan:
    """The plan that a server with the demo market makes."""
    wanted = asked(**given)
    numbers = random.Random(f"{wanted.seed} chances")  # noqa: S311 - the same for the same seed
    return plan(wanted, PRODUCTS, Chances(numbers.random))

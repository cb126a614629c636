"""The storefront: a buyer is chosen, products are looked at, one is subscribed to."""

from waag.console.forms import read_end, read_entitlements, read_number, read_offer
from waag.console.pages import STOREFRONT, Answer, Asked, Handling, Page, SeeOther, path_to
from waag.console.refusals import FieldRefused, status_of
from waag.domain.agreement_states import CommandRefused
from waag.domain.agreement_terms import ENDS_MAX, TermsRefused
from waag.domain.agreements import Subscription
from waag.domain.instants import Instant, to_datetime
from waag.domain.market import Market, OfferKind
from waag.domain.refusals import Refusal
from waag.ports import Catalog, Clock
from waag.services.agreements import AgreementCommands
from waag.services.storefront import (
    Listing,
    find_buyer,
    list_buyers,
    list_products,
    show_product,
)

SHOWN_MAX = 48
"""How many buyers or products a page lists."""

_LAST_YEAR = to_datetime(ENDS_MAX).year


class Storefront:
    """Its pages.

    Args:
        clock: tells when offers are accepted.
        market: finds what has a name.
        catalog: lists the rest.
        commands: subscribing is one.
    """

    def __init__(
        self, clock: Clock, market: Market, catalog: Catalog, commands: AgreementCommands
    ) -> None:
        self._clock = clock
        self._market = market
        self._catalog = catalog
        self._commands = commands

    def handlings(self) -> tuple[Handling, ...]:
        """Every page, and every form."""
        of_product = f"{STOREFRONT}/{{buyer}}/products/{{id}}"
        return (
            Handling("GET", STOREFRONT, self.buyers),
            Handling("GET", f"{STOREFRONT}/{{buyer}}", self.products),
            Handling("GET", of_product, self.product),
            Handling("POST", of_product, self.subscribe),
        )

    def buyers(self, asked: Asked) -> Answer:
        """Who can buy; a form asks for those that are not listed by their digits."""
        account = asked.query.get("account", "").strip()
        if account:
            return SeeOther(path_to(find_buyer(account, self._market).id))
        page = list_buyers(
            self._catalog,
            self._market,
            after=read_number(asked.query.get("after")),
            limit=SHOWN_MAX,
        )
        return Page("buyers", {"page": page})

    def products(self, asked: Asked) -> Answer:
        """What can be bought."""
        buyer = find_buyer(asked.path["buyer"], self._market)
        page = list_products(
            self._catalog,
            self._market,
            buyer.id,
            self._clock.now(),
            after=read_number(asked.query.get("after")),
            limit=SHOWN_MAX,
        )
        return Page("products", {"buyer": buyer, "page": page})

    def product(self, asked: Asked) -> Answer:
        """A product, and the form that subscribes to it."""
        return self._product_page(asked, None)

    def subscribe(self, asked: Asked) -> Answer:
        """Accept an offer; of what the seller runs, the account is set up next."""
        buyer = find_buyer(asked.path["buyer"], self._market)
        listing = self._listing(asked)
        product = listing.product
        try:
            agreement = self._commands.subscribe(
                Subscription(
                    product.id,
                    buyer.id,
                    read_offer(asked.form),
                    read_end(asked.form),
                    read_entitlements(asked.form, product),
                )
            )
        except (FieldRefused, TermsRefused, CommandRefused) as refusal:
            return self._product_page(asked, refusal)
        path = path_to(buyer.id, "agreements", agreement.id)
        return SeeOther(f"{path}/set-up" if product.type.is_saas else f"{path}?done=subscribed")

    def _listing(self, asked: Asked) -> Listing:
        return show_product(asked.path["id"], self._market, asked.path["buyer"], self._clock.now())

    def _product_page(self, asked: Asked, refusal: Refusal | None) -> Page:
        """As it is at first, or as it was filled in, with why that was refused."""
        listing = self._listing(asked)
        filled = asked.form
        if refusal is None:
            ends = a_year_after(self._clock.now()) if listing.product.type.is_contract else ""
            filled = {"offer": OfferKind.PUBLIC.value, "ends": ends}
        values = {
            "buyer": find_buyer(asked.path["buyer"], self._market),
            "listing": listing,
            "offers": tuple(OfferKind),
            "filled": filled,
            "refusal": refusal,
        }
        return Page("product", values, 200 if refusal is None else status_of(refusal))


def a_year_after(instant: Instant) -> str:
    """The day on which a usual term ends, as a form's field has it."""
    day = to_datetime(instant).date()
    leap_day = (day.month, day.day) == (2, 29)
    year = min(day.year + 1, _LAST_YEAR)
    return day.replace(year=year, day=28 if leap_day else day.day).isoformat()

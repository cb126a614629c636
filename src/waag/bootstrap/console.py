"""The pages of a customer's browser, put together."""

from waag.bootstrap.agreements import AgreementParts
from waag.bootstrap.analytics import AnalyticsParts
from waag.bootstrap.features import Feature, Surroundings
from waag.console.app import Console
from waag.console.contacts import ContactForms
from waag.console.enrollments import Enrollments
from waag.console.landing import Error, LandingPage
from waag.console.pages import Pages
from waag.console.storefront import Storefront
from waag.console.subscriptions import Subscriptions
from waag.domain.refusals import Refusal
from waag.storage.catalog import SqliteCatalog
from waag.storage.sealed_tokens import SealedTokens, StoredTokenUse
from waag.wire.operations.registration import resolve_customer_fault


class ConsoleParts:
    """Built beside the feature whose commands its forms give.

    Args:
        around: what the keeper has.
        agreements: whose commands they are.
        analytics: likewise, about enrollments and contacts.

    Attributes:
        feature: what it adds.
        app: the ASGI application.
    """

    def __init__(
        self, around: Surroundings, agreements: AgreementParts, analytics: AnalyticsParts
    ) -> None:
        settings, clock, market = around.settings, around.clock, around.market
        choices = settings.choices.registration
        tokens = SealedTokens(around.secret_key, around.random_bytes)
        catalog = SqliteCatalog(around.open_reader())

        def error_of(refusal: Refusal) -> Error:
            fault = resolve_customer_fault(refusal, settings.choices.wire)
            return Error(fault.code, fault.message)

        handlings = (
            *Enrollments(analytics.enrollments).handlings(),
            *Storefront(clock, market, catalog, agreements.commands).handlings(),
            *Subscriptions(
                clock=clock,
                market=market,
                agreements=agreements.agreements,
                commands=agreements.commands,
                choices=choices,
                tokens=tokens,
                contacts=ContactForms(analytics.contacts),
            ).handlings(),
            *LandingPage(
                clock=clock,
                market=market,
                choices=choices,
                tokens=tokens,
                used_tokens=StoredTokenUse(around.writer),
                error_of=error_of,
            ).handlings(),
        )
        names = frozenset(each.lower() for each in (settings.host, *settings.storefront_hosts))
        self.app = Console(Pages(clock.now), handlings, names, on=settings.storefront).app()
        self.feature = Feature(close=catalog.close)

"""A sample landing page: what a seller's own page would do with the form that a browser brings.

The token is resolved as the seller of its product would, by what answers ResolveCustomer.
"""

from collections.abc import Callable

import msgspec

from waag.console.pages import LANDING, Answer, Asked, Handling, Page
from waag.console.subscriptions import OFFER_FIELD
from waag.domain.market import Market
from waag.domain.refusals import Refusal, StoreUnavailable
from waag.domain.registration import RegistrationChoices, ResolvedCustomer
from waag.domain.token_damage import FIELD
from waag.ports import Caller, Clock, RegistrationTokens, UsedTokens
from waag.services.registration import find_seller, resolve_customer

_NOBODY = Caller("", "", "us-east-1")


class Error(msgspec.Struct, frozen=True):
    """What a refused caller of ResolveCustomer is sent."""

    code: str
    message: str


class LandingPage:
    """Its pages.

    Args:
        clock: what tokens are judged by.
        market: whose agreements they stand for.
        choices: taken where sources on tokens contradict each other.
        tokens: reads them.
        used_tokens: remembers those of one use.
        error_of: what ResolveCustomer answers where a token is refused.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        market: Market,
        choices: RegistrationChoices,
        tokens: RegistrationTokens,
        used_tokens: UsedTokens,
        error_of: Callable[[Refusal], Error],
    ) -> None:
        self._clock = clock
        self._market = market
        self._choices = choices
        self._tokens = tokens
        self._used_tokens = used_tokens
        self._error_of = error_of

    def handlings(self) -> tuple[Handling, ...]:
        """The page; whose form comes here tells who its buyer is by the token alone."""
        return (
            Handling("GET", LANDING, self.empty),
            Handling("POST", LANDING, self.register, from_elsewhere=True),
        )

    def empty(self, _asked: Asked) -> Answer:
        """What this page is for, and a form to try a token by hand."""
        return Page("landing", {"field": FIELD})

    def register(self, asked: Asked) -> Answer:
        """Who registers, or why nobody does."""
        token = asked.form.get(FIELD, "")
        seller = find_seller(token, market=self._market, tokens=self._tokens)
        values = {
            "field": FIELD,
            "token": token,
            "endpoint": f"http://{asked.host}",
            "region": (seller or _NOBODY).region,
            "free_trial": asked.form.get(OFFER_FIELD) == "free-trial",
        }
        try:
            customer = resolve_customer(
                token,
                seller or _NOBODY,
                market=self._market,
                choices=self._choices,
                now=self._clock.now(),
                tokens=self._tokens,
                used_tokens=self._used_tokens,
            )
        except StoreUnavailable:
            raise
        except Refusal as refusal:
            refused = {"refusal": refusal, "error": self._error_of(refusal)}
            return Page("landing_refused", values | refused, 400)
        product = self._market.product_by_code(customer.product_code)
        assert product is not None, "a customer is one of a product's"
        resolved = {"product": product, "members": _members(customer)}
        return Page("landing_resolved", values | resolved)


def _members(customer: ResolvedCustomer) -> dict[str, str]:
    """ResolveCustomer's answer, without what it does not say of this customer."""
    members = {
        "CustomerIdentifier": customer.customer_identifier,
        "CustomerAWSAccountId": customer.customer_aws_account_id,
        "ProductCode": customer.product_code,
        "LicenseArn": customer.license_arn,
        "Metadata.AgreementId": customer.agreement_id,
    }
    return {name: value for name, value in members.items() if value is not None}

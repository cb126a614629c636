"""Who may do what in Partner Central: registration, and whose products an account speaks for."""

import re

from waag.domain.attribution.choices import AttributionChoices, SandboxLookUps
from waag.domain.attribution.identifiers import Catalog, Scope
from waag.domain.attribution.refusals import NotRegistered, Problem
from waag.domain.market import Account, Market, Partner, Product

_PRODUCT_ARN = re.compile(
    r"arn:aws:aws-marketplace:[a-z0-9-]+:([0-9]{12}):AWSMarketplace/\w+/([\w-]+)", re.ASCII
)


def check_registered(account_id: str, market: Market) -> None:
    """Refuse an account that is not registered in Partner Central.

    Raises:
        NotRegistered: it is not.
        StoreUnavailable: the market could not be read.
    """
    if not _partner(market.account(account_id)).registered:
        raise NotRegistered(
            f"Account {account_id} is not registered in AWS Partner Central; its "
            "partner.registered in the market file would have to be true."
        )


def speaks_for(account_id: str, owner_id: str, market: Market) -> bool:
    """Whether what belongs to `owner_id` is an account's own or a connected subsidiary's."""
    return owner_id == account_id or owner_id in _partner(market.account(account_id)).connected


def find_product(identifier: str, market: Market) -> Product | None:
    """The product that an id or ARN names; an ARN has to name the seller's account."""
    found = _PRODUCT_ARN.fullmatch(identifier)
    if found is None:
        return market.product(identifier)
    product = market.product(found[2])
    return product if product is not None and product.seller_id == found[1] else None


def product_problem(
    name: str, identifier: str, scope: Scope, *, market: Market, choices: AttributionChoices
) -> Problem | None:
    """What is wrong with the product that a request names; None if the caller may name it.

    Args:
        name: what the request calls it.
        identifier: an id or ARN.
        scope: of the request.
        market: whose products there are.
        choices: whether products are looked up in the catalog Sandbox.
    """
    if not looks_up(scope, choices):
        return None
    product = find_product(identifier, market)
    if product is not None and speaks_for(scope.account_id, product.seller_id, market):
        return None
    message = (
        f"PRODUCT_NOT_FOUND_OR_NOT_OWNED: {identifier!r} is not a product of account "
        f"{scope.account_id} or of a subsidiary connected with it."
    )
    return Problem(name, message, "INVALID_VALUE")


def looks_up(scope: Scope, choices: AttributionChoices) -> bool:
    """Whether what a request names has to be in the market."""
    in_sandbox = scope.catalog is Catalog.SANDBOX
    return not in_sandbox or choices.sandbox_look_ups is SandboxLookUps.MARKET


def _partner(account: Account | None) -> Partner:
    return Partner() if account is None else account.partner

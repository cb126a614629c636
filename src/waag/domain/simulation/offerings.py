"""What made-up buyers buy: what the market sells, and what it lacks of the kinds they ask for."""

from collections.abc import Iterable, Sequence

from waag.domain.market import (
    AccountKind,
    Dimension,
    DimensionType,
    Integration,
    Product,
    ProductType,
)
from waag.domain.market_definition import (
    AccountDefinition,
    DimensionDefinition,
    MarketDefinition,
    ProductDefinition,
)

SELLERS = (("300000000001", "Sluis Works"), ("300000000002", "Duin Data"))
"""Of the products that the simulation adds."""

KINDS: Sequence[tuple[ProductType, int]] = (
    (ProductType.SAAS_SUBSCRIPTION, 58),
    (ProductType.SAAS_CONTRACT, 18),
    (ProductType.SAAS_CONTRACT_WITH_CONSUMPTION, 18),
    (ProductType.AMI, 6),
)
"""What a hundred buyers ask for. Containers are not bought: they report as images do."""

_REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1")


def _metered(key: str, unit: str, price: str) -> DimensionDefinition:
    return DimensionDefinition(key=key, type=DimensionType.METERED, unit=unit, price=price)


def _seats(key: str, price: str) -> DimensionDefinition:
    return DimensionDefinition(
        key=key, type=DimensionType.ENTITLED, unit="Users", price=price, per="month"
    )


_PRODUCTS = (
    ProductDefinition(
        id="prod-sluisstreams1",
        code="sluis-streams",
        seller=SELLERS[0][0],
        title="Sluis Streams",
        type=ProductType.SAAS_SUBSCRIPTION,
        integration=Integration.CONCURRENT,
        regions=_REGIONS,
        dimensions=(
            _metered("events", "Requests", "0.004"),
            _metered("gb-stored", "GB", "0.09"),
        ),
    ),
    ProductDefinition(
        id="prod-sluisdesk0001",
        code="sluis-desk",
        seller=SELLERS[0][0],
        title="Sluis Desk",
        type=ProductType.SAAS_CONTRACT,
        integration=Integration.CONCURRENT,
        regions=_REGIONS,
        dimensions=(_seats("agents", "19.00"), _seats("leads", "49.00")),
    ),
    ProductDefinition(
        id="prod-duinwarehouse",
        code="duin-warehouse",
        seller=SELLERS[1][0],
        title="Duin Warehouse",
        type=ProductType.SAAS_CONTRACT_WITH_CONSUMPTION,
        integration=Integration.CONCURRENT,
        regions=_REGIONS,
        dimensions=(_seats("analysts", "35.00"), _metered("queries", "Requests", "0.02")),
    ),
    ProductDefinition(
        id="prod-duinscanner01",
        code="duin-scanner",
        seller=SELLERS[1][0],
        title="Duin Scanner",
        type=ProductType.AMI,
        integration=Integration.LEGACY,
        regions=_REGIONS,
        dimensions=(
            DimensionDefinition(
                key="host-hours",
                type=DimensionType.EXTERNALLY_METERED,
                unit="HostHrs",
                price="0.11",
            ),
        ),
    ),
)


def lacking(products: Iterable[Product]) -> MarketDefinition:
    """Sellers and products to add, so that a market has one of each kind that is bought."""
    sold = {each.type for each in products if can_be_bought(each)}
    added = tuple(each for each in _PRODUCTS if each.type not in sold)
    sellers = {each.seller for each in added}
    return MarketDefinition(
        accounts=tuple(
            AccountDefinition(id=account_id, name=name, kind=AccountKind.SELLER)
            for account_id, name in SELLERS
            if account_id in sellers
        ),
        products=added,
    )


def can_be_bought(product: Product) -> bool:
    """Whether there is something to be granted, or something to be used, as its kind has it."""
    contract = product.type.is_contract
    return bool(granted(product)) if contract else bool(product.metered)


def granted(product: Product) -> list[Dimension]:
    """What contracts grant."""
    return [
        each for each in product.dimensions if each.offered and each.type is DimensionType.ENTITLED
    ]

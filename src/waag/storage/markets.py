"""The market on SQLite: loaded once, kept in memory, changed through the one writer."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable

import apsw
import msgspec

from waag.domain.market import (
    Account,
    AccountKind,
    Address,
    Agreement,
    Deal,
    Dimension,
    DimensionType,
    Enrollment,
    Entitlement,
    Integration,
    Market,
    Principal,
    Product,
    ProductType,
    metered_dimensions,
)
from waag.domain.market_changes import MarketChange, market_after, to_policies
from waag.storage.queries import Row, query, query_many
from waag.storage.secret_box import SecretBox
from waag.storage.writer import Writer


class SqliteMarkets:
    """Implements the port `Markets`.

    Args:
        writer: who owns the connection.
        secrets: opens and seals the principals' secrets.

    Raises:
        DataDirectoryRefused: a stored secret cannot be opened.
    """

    def __init__(self, writer: Writer, secrets: SecretBox) -> None:
        self._writer = writer
        self._secrets = secrets
        self._changing = threading.Lock()
        self._market = writer.change(self._load)

    @property
    def current(self) -> Market:
        """The latest snapshot."""
        return self._market

    def change(self, decide: Callable[[Market], MarketChange]) -> MarketChange:
        """Decide and carry out; see `waag.ports.Markets.change`."""
        with self._changing:
            change = decide(self._market)
            self._writer.change(lambda connection: self._put(connection, change))
            self._market = market_after(self._market, change)
        return change

    def _put(self, connection: apsw.Connection, change: MarketChange) -> None:
        for account in change.accounts:
            self._put_account(connection, account)
        for product in change.products:
            _put_product(connection, product)
        query_many(
            connection, "put_agreement", [_to_row_agreement(each) for each in change.agreements]
        )
        query_many(
            connection, "put_deal", [(each.type, each.id, _json(each)) for each in change.deals]
        )
        query_many(
            connection,
            "put_enrollment",
            [(each.seller, _json(each)) for each in change.enrollments],
        )

    def _put_account(self, connection: apsw.Connection, account: Account) -> None:
        query(
            connection,
            "put_account",
            (
                account.number,
                account.id,
                account.name,
                account.kind.value,
                None if account.address is None else _json(account.address),
                account.email_domain,
            ),
        )
        query(connection, "remove_principals", (account.number,))
        for place, principal in enumerate(account.principals):
            secrets = (principal.secret_access_key, principal.session_token)
            query(
                connection,
                "put_principal",
                (
                    principal.access_key_id,
                    account.number,
                    place,
                    principal.arn,
                    self._secrets.seal(msgspec.json.encode(secrets), principal.access_key_id),
                    _json(principal.policy_documents),
                    principal.platform,
                    principal.region,
                ),
            )

    def _load(self, connection: apsw.Connection) -> Market:
        return Market(
            self._load_accounts(connection),
            _load_products(connection),
            map(_from_row_agreement, query(connection, "agreements")),
            [msgspec.json.decode(row, type=Deal) for (row,) in query(connection, "deals")],
            [
                msgspec.json.decode(row, type=Enrollment)
                for (row,) in query(connection, "enrollments")
            ],
        )

    def _load_accounts(self, connection: apsw.Connection) -> Iterable[Account]:
        rows = query(connection, "accounts")
        ids = {number: account_id for number, account_id, *_ in rows}
        principals: defaultdict[int, list[Principal]] = defaultdict(list)
        for account, *row in query(connection, "principals"):
            principals[account].append(self._from_row_principal(ids[account], tuple(row)))
        return [
            Account(
                number,
                account_id,
                name,
                AccountKind(kind),
                tuple(principals[number]),
                None if address is None else msgspec.json.decode(address, type=Address),
                email_domain,
            )
            for number, account_id, name, kind, address, email_domain in rows
        ]

    def _from_row_principal(self, account_id: str, row: Row) -> Principal:
        arn, access_key_id, sealed, policy_documents, platform, region = row
        secret_access_key, session_token = msgspec.json.decode(
            self._secrets.open(sealed, access_key_id), type=tuple[str, str | None]
        )
        documents = msgspec.json.decode(policy_documents, type=tuple[str, ...])
        return Principal(
            account_id,
            arn,
            access_key_id,
            secret_access_key,
            session_token,
            to_policies(documents),
            documents,
            platform,
            region,
        )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _put_product(connection: apsw.Connection, product: Product) -> None:
    query(
        connection,
        "put_product",
        (
            product.number,
            product.id,
            product.code,
            product.title,
            product.type.value,
            product.integration.value,
            _json(sorted(product.regions)),
            product.fulfillment_url,
            product.seller_id,
        ),
    )
    query_many(
        connection,
        "put_dimension",
        [
            (
                each.number,
                product.number,
                each.key,
                each.type.value,
                each.unit,
                each.price,
                each.offered,
            )
            for each in product.dimensions
        ],
    )


def _load_products(connection: apsw.Connection) -> Iterable[Product]:
    dimensions: defaultdict[int, list[Dimension]] = defaultdict(list)
    for product, number, key, kind, unit, price, offered in query(connection, "dimensions"):
        dimensions[product].append(
            Dimension(number, key, DimensionType(kind), unit, price, bool(offered))
        )
    return [
        _from_row_product(row, tuple(dimensions[row[0]])) for row in query(connection, "products")
    ]


def _from_row_product(row: Row, dimensions: tuple[Dimension, ...]) -> Product:
    number, product_id, code, seller_id, title, kind, integration, regions, fulfillment_url = row
    return Product(
        number,
        product_id,
        code,
        seller_id,
        title,
        ProductType(kind),
        Integration(integration),
        msgspec.json.decode(regions, type=frozenset[str]),
        dimensions,
        metered_dimensions(dimensions),
        fulfillment_url,
    )


def _to_row_agreement(agreement: Agreement) -> Row:
    return (
        agreement.number,
        agreement.id,
        agreement.customer,
        agreement.customer_identifier,
        agreement.license_arn,
        agreement.starts,
        agreement.ends,
        _json(agreement.entitlements),
        agreement.product_id,
    )


def _from_row_agreement(row: Row) -> Agreement:
    number, agreement_id, product_id, buyer_id, customer, *names_and_term, entitlements = row
    customer_identifier, license_arn, starts, ends = names_and_term
    return Agreement(
        number,
        agreement_id,
        product_id,
        buyer_id,
        customer,
        customer_identifier,
        license_arn,
        starts,
        ends,
        msgspec.json.decode(entitlements, type=tuple[Entitlement, ...]),
    )

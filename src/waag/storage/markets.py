"""Changes of the market on SQLite, decided and carried out by the one writer.

Reading it without changing it is `stored_market`'s and `cached_market`'s concern.
"""

from collections.abc import Callable

import apsw
import msgspec

from waag.domain.agreement_states import expires
from waag.domain.billing_terms import AccountTerms, AgreementTerms, ProductTerms
from waag.domain.events import Event
from waag.domain.instants import Instant
from waag.domain.market import Account, Agreement, Life, Market, Partner, Principal, Product
from waag.domain.market_changes import MarketChange
from waag.domain.market_look_ups import altered_by
from waag.storage.link import MarketChanged
from waag.storage.queries import Row, query, query_many
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox
from waag.storage.stored_market import StoredMarket
from waag.storage.superseded import keep_superseded
from waag.storage.writer import Writer

_USUAL = (AccountTerms(), ProductTerms(), AgreementTerms())


class SqliteMarkets:
    """Implements the port `Markets`.

    Args:
        writer: who owns the connection.
        secrets: opens and seals the principals' secrets.
        now: when an entry gives way to another; without it, it has never been otherwise.

    Raises:
        DataDirectoryRefused: a stored secret cannot be opened.
    """

    def __init__(
        self, writer: Writer, secrets: SecretBox, now: Callable[[], Instant] | None = None
    ) -> None:
        self._writer = writer
        self._secrets = secrets
        self._now = now
        writer.change(self._try_secrets)

    def change(self, decide: Callable[[Market], MarketChange]) -> MarketChange:
        """Decide and carry out; see `waag.ports.Markets.change`.

        Fronts are told which look-ups have another answer now, and no longer give the old one.

        `decide` runs on the writer's thread, in the transaction: usage waits until it is done.
        """

        def carry_out(connection: apsw.Connection) -> MarketChange:
            market = StoredMarket(Reader(connection), self._secrets)
            change = decide(market)
            if self._now is not None:
                keep_superseded(connection, market, change, self._now())
            self._put(connection, change)
            return change

        return self._writer.change(carry_out, _notice)

    def _try_secrets(self, connection: apsw.Connection) -> None:
        """Open one secret, so that a key which is not this ledger's is noticed at the start."""
        for sealed, access_key_id in query(connection, "first_secret"):
            self._secrets.open(sealed, access_key_id)

    def _put(self, connection: apsw.Connection, change: MarketChange) -> None:
        accounts = change.accounts
        query_many(connection, "put_account", map(_to_row_account, accounts))
        query_many(connection, "remove_principals", [(account.number,) for account in accounts])
        query_many(connection, "remove_partner", [(account.number,) for account in accounts])
        partners = [
            (each.number, _json(each.partner)) for each in accounts if each.partner != Partner()
        ]
        query_many(connection, "put_partner", partners)
        query_many(
            connection,
            "put_principal",
            (
                self._to_row_principal(principal, account, place)
                for account in accounts
                for place, principal in enumerate(account.principals)
            ),
        )
        for product in change.products:
            _put_product(connection, product)
        _put_agreements(connection, change)
        _put_terms(connection, change)
        query_many(
            connection, "put_deal", [(each.type, each.id, _json(each)) for each in change.deals]
        )
        query_many(
            connection,
            "put_enrollment",
            [(each.seller, _json(each)) for each in change.enrollments],
        )
        query_many(
            connection, "put_tax_rule", [(each.id, _json(each)) for each in change.tax_rules]
        )

    def _to_row_principal(self, principal: Principal, account: Account, place: int) -> Row:
        secrets = (principal.secret_access_key, principal.session_token)
        return (
            principal.access_key_id,
            account.number,
            place,
            principal.arn,
            self._secrets.seal(msgspec.json.encode(secrets), principal.access_key_id),
            _json(principal.policy_documents),
            principal.platform,
            principal.region,
        )


def _notice(change: MarketChange) -> MarketChanged | None:
    altered = altered_by(change)
    return None if altered.look_ups == () else MarketChanged(altered)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _put_terms(connection: apsw.Connection, change: MarketChange) -> None:
    """The usual ones are left out: nearly all are, and reading none costs nothing."""
    entries = [
        *(("account", each.number, each.terms) for each in change.accounts),
        *(("product", each.number, each.terms) for each in change.products),
        *(("agreement", each.number, each.terms) for each in change.agreements),
    ]
    own = [(kind, number, _json(terms)) for kind, number, terms in entries if terms not in _USUAL]
    usual = [(kind, number) for kind, number, terms in entries if terms in _USUAL]
    query_many(connection, "put_terms", own)
    query_many(connection, "remove_terms", usual)


def _to_row_account(account: Account) -> Row:
    return (
        account.number,
        account.id,
        account.name,
        account.kind.value,
        None if account.address is None else _json(account.address),
        account.email_domain,
    )


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


def _put_agreements(connection: apsw.Connection, change: MarketChange) -> None:
    agreements = change.agreements
    query_many(connection, "put_agreement", map(_to_row_agreement, agreements))
    query_many(connection, "remove_life", [(each.number,) for each in agreements])
    query_many(
        connection,
        "put_life",
        [_to_row_life(each, each.life) for each in agreements if each.life is not None],
    )
    query_many(
        connection,
        "look_at_fees",
        [
            (str(each.number), each.starts if each.life is None else each.life.accepted)
            for each in agreements
            if each.entitlements or each.terms.payment_schedule
        ],
    )
    query_many(connection, "withdraw_event", change.withdrawn_events)
    query_many(connection, "put_event", map(_to_row_event, change.events))


def _to_row_life(agreement: Agreement, life: Life) -> Row:
    return (
        agreement.number,
        life.status.value,
        life.offer.value,
        life.offer_id,
        life.accepted,
        life.closes,
        life.previous,
        expires(agreement),
        None if life.request is None else _json(life.request),
        life.defined,
    )


def _to_row_event(event: Event) -> Row:
    return (
        event.id,
        event.account_id,
        event.due,
        event.target.value,
        event.name,
        event.topic,
        event.content,
        event.agreement_id,
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

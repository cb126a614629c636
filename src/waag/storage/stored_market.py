"""The market read from SQLite: each look-up is one statement, found by an index.

One statement each, so that what is found is of one moment: a change is seen whole or not at all.
Nothing is remembered here; that is `cached_market`'s concern.
"""

from collections.abc import Sequence

import msgspec

from waag.domain.analytics.enrollments import Enrollment
from waag.domain.billing_terms import AccountTerms, AgreementTerms, ProductTerms, TaxRule
from waag.domain.cancellation_requests import CancellationRequest
from waag.domain.market import (
    Account,
    AccountKind,
    Address,
    Agreement,
    AgreementStatus,
    Deal,
    Dimension,
    DimensionType,
    Entitlement,
    Integration,
    Life,
    NumbersTaken,
    OfferKind,
    Partner,
    Principal,
    Product,
    ProductType,
    metered_dimensions,
)
from waag.domain.market_changes import to_policies
from waag.domain.refusals import StoreUnavailable
from waag.storage.data_directory import DataDirectoryRefused
from waag.storage.queries import Row
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox

_ACCOUNT_COLUMNS = 7
_PRODUCT_COLUMNS = 10


class StoredMarket:
    """Implements `Market` over a reader, for any thread; one look-up at a time.

    And the port `EntitledAgreements`.

    Args:
        reader: closed with this, if that is closed.
        secrets: opens the principals' secrets.
    """

    def __init__(self, reader: Reader, secrets: SecretBox) -> None:
        self._reader = reader
        self._secrets = secrets

    def principal(self, access_key_id: str, /) -> Principal | None:
        """Whose access key this is, with policies ready to decide."""
        rows = self._rows("principal", access_key_id)
        return self._to_principal(rows[0]) if rows else None

    def account(self, account_id: str, /) -> Account | None:
        """The account with these twelve digits, with those who sign for it as listed."""
        rows = self._rows("account", account_id)
        if not rows:
            return None
        number, name, kind, address, email_domain, partner, terms = rows[0][:_ACCOUNT_COLUMNS]
        principals = [row[_ACCOUNT_COLUMNS:] for row in rows]
        return Account(
            number,
            account_id,
            name,
            AccountKind(kind),
            tuple(self._to_principal(row) for row in principals if row[1] is not None),
            None if address is None else msgspec.json.decode(address, type=Address),
            email_domain,
            Partner() if partner is None else msgspec.json.decode(partner, type=Partner),
            AccountTerms() if terms is None else msgspec.json.decode(terms, type=AccountTerms),
        )

    def product(self, product_id: str, /) -> Product | None:
        """The product with this id."""
        return to_product(self._rows("product", product_id))

    def product_by_code(self, code: str, /) -> Product | None:
        """The product with this product code."""
        return to_product(self._rows("product_by_code", code))

    def agreement(self, agreement_id: str, /) -> Agreement | None:
        """The agreement with this id."""
        rows = self._rows("agreement", agreement_id)
        return to_agreement(rows[0]) if rows else None

    def agreement_by_license_arn(self, license_arn: str, /) -> Agreement | None:
        """The agreement that granted this license."""
        rows = self._rows("agreement_by_license_arn", license_arn)
        return to_agreement(rows[0]) if rows else None

    def agreements_of(self, product_id: str, buyer_id: str, /) -> Sequence[Agreement]:
        """Every agreement of one buyer to one product, past ones too, by number."""
        return _to_agreements(self._rows("agreements_of", product_id, buyer_id))

    def agreements_of_customer(
        self, product_id: str, customer_identifier: str, /
    ) -> Sequence[Agreement]:
        """Every agreement to one product under this legacy customer identifier, by number."""
        return _to_agreements(self._rows("agreements_of_customer", product_id, customer_identifier))

    def agreements_by_identifier(self, customer_identifier: str, /) -> Sequence[Agreement]:
        """Every agreement under this legacy customer identifier, of any product, by number."""
        return _to_agreements(self._rows("agreements_by_identifier", customer_identifier))

    def entitled_agreements(
        self, product_id: str, after: int, limit: int, /
    ) -> Sequence[Agreement]:
        """At most so many agreements to one product that grant something, above a number."""
        return _to_agreements(self._rows("entitled_agreements", product_id, after, limit))

    def deal(self, deal_type: str, deal_id: str, /) -> Deal | None:
        """The opportunity or offer with this id."""
        rows = self._rows("deal", deal_type, deal_id)
        return msgspec.json.decode(rows[0][0], type=Deal) if rows else None

    def enrollment(self, seller_id: str, /) -> Enrollment | None:
        """Where this seller's data sets may be delivered."""
        rows = self._rows("enrollment", seller_id)
        return msgspec.json.decode(rows[0][0], type=Enrollment) if rows else None

    def tax_rule(self, rule_id: str, /) -> TaxRule | None:
        """The tax rule with this id."""
        rows = self._rows("tax_rule", rule_id)
        return msgspec.json.decode(rows[0][0], type=TaxRule) if rows else None

    def numbers_taken(self) -> NumbersTaken:
        """Above which numbers all are free; an empty market has none taken."""
        return NumbersTaken(*self._rows("numbers_taken")[0])

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()

    def _rows(self, name: str, *asked: str | int) -> list[Row]:
        return self._reader.rows(name, asked)

    def _to_principal(self, row: Row) -> Principal:
        account_id, arn, access_key_id, sealed, policy_documents, platform, region = row
        try:
            opened = self._secrets.open(sealed, access_key_id)
        except DataDirectoryRefused as refused:
            raise StoreUnavailable(refused.why) from refused
        secret_access_key, session_token = msgspec.json.decode(opened, type=tuple[str, str | None])
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


def to_product(rows: Sequence[Row]) -> Product | None:
    """A product from its rows, one for each dimension."""
    if not rows:
        return None
    dimensions = tuple(
        Dimension(number, key, DimensionType(kind), unit, price, bool(offered))
        for number, key, kind, unit, price, offered in (row[_PRODUCT_COLUMNS:] for row in rows)
        if number is not None
    )
    number, product_id, code, seller_id, title, *rest = rows[0][:_PRODUCT_COLUMNS]
    kind, integration, regions, fulfillment_url, terms = rest
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
        ProductTerms() if terms is None else msgspec.json.decode(terms, type=ProductTerms),
    )


def _to_agreements(rows: Sequence[Row]) -> Sequence[Agreement]:
    return tuple(map(to_agreement, rows))


_decode_agreement_terms = msgspec.json.Decoder(AgreementTerms).decode
_decode_entitlements = msgspec.json.Decoder(tuple[Entitlement, ...]).decode
_decode_request = msgspec.json.Decoder(CancellationRequest).decode


def to_agreement(row: Row) -> Agreement:
    """An agreement from a row of the view `agreement_in_full`."""
    number, agreement_id, product_id, buyer_id, customer, identifier, license_arn, *term = row
    starts, ends, entitlements, terms, status, *life = term
    return Agreement(
        number,
        agreement_id,
        product_id,
        buyer_id,
        customer,
        identifier,
        license_arn,
        starts,
        ends,
        _decode_entitlements(entitlements),
        None if status is None else _to_life(status, *life),
        AgreementTerms() if terms is None else _decode_agreement_terms(terms),
    )


def _to_life(  # noqa: PLR0917 - one parameter for each column
    status: str,
    offer: str,
    offer_id: str,
    accepted: int,
    closes: int | None,
    previous: str | None,
    request: str | None,
    defined: str | None,
) -> Life:
    return Life(
        AgreementStatus(status),
        OfferKind(offer),
        offer_id,
        accepted,
        closes,
        previous,
        None if request is None else _decode_request(request),
        defined,
    )

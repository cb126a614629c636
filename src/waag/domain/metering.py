"""Usage records: as submitted, as kept, and the verdict on each.

A batch that passed the checks of `metering_checks` has no fault as a whole; here every record gets
a verdict of its own: whose agreement it falls under, and what already stands under its key.

Source: meteringmarketplace/2016-01-14, BatchMeterUsage, UsageRecord and UsageRecordResult. The
choices where that text is silent or contradicts others are listed in docs/compatibility.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, StrEnum
from typing import Annotated, NamedTuple, TypeAlias

import msgspec

from waag.domain.instants import HOUR, Instant, format_instant
from waag.domain.market import Agreement, Market, Product
from waag.domain.quantities import to_decimal


class BatchWindow(Enum):
    """How the 24 hours are counted back."""

    EXACT = "exact"
    """From the instant of the call, as the model's text says."""
    HOUR_ALIGNED = "hour-aligned"
    """From the start of the current hour, as a seller saw under the former six-hour rule."""


class MeterUsageWindow(Enum):
    """How the six hours that MeterUsage accepts are counted back."""

    EXACT = "exact"
    """From the instant of the call, as the model's text says."""
    HOUR_ALIGNED = "hour-aligned"
    """From the start of the current hour, as a seller saw when BatchMeterUsage took six hours."""


class UnknownCustomer(Enum):
    """What a customer identifier that cannot be resolved leads to."""

    EXCEPTION = "exception"
    """InvalidCustomerIdentifierException for the whole batch."""
    STATUS = "status"
    """The status CustomerNotSubscribed for its record."""


class IdenticalResend(Enum):
    """What sending an accepted record again leads to."""

    SUCCESS = "success"
    """Success with the same MeteringRecordId."""
    DUPLICATE_RECORD = "duplicate-record"
    """DuplicateRecord, as one passage of AWS's metering guidance has it."""


class ProductCodeWithLicense(Enum):
    """What ProductCode beside a LicenseArn leads to, for a product with concurrent agreements."""

    REJECT = "reject"
    """InvalidLicenseException, as a large seller saw."""
    ACCEPT = "accept"
    """Accepted; the model warns that this may bill twice."""


class BothCustomerIdentifiers(Enum):
    """What CustomerIdentifier and CustomerAWSAccountId in one record lead to."""

    REJECT = "reject"
    ACCEPT = "accept"
    """Accepted if both name the same customer."""


class MeteringChoices(msgspec.Struct, frozen=True):
    """Which reading is taken where AWS's sources contradict each other."""

    batch_window: BatchWindow = BatchWindow.EXACT
    meter_usage_window: MeterUsageWindow = MeterUsageWindow.EXACT
    unknown_customer: UnknownCustomer = UnknownCustomer.EXCEPTION
    identical_resend: IdenticalResend = IdenticalResend.SUCCESS
    product_code_with_license: ProductCodeWithLicense = ProductCodeWithLicense.REJECT
    both_customer_identifiers: BothCustomerIdentifiers = BothCustomerIdentifiers.REJECT
    future_tolerance_seconds: Annotated[int, msgspec.Meta(ge=0)] = 0


class Allocation(msgspec.Struct, frozen=True, gc=False):
    """A part of a record's quantity under a set of tags; the quantity is in micro-units."""

    quantity: int
    is_decimal: bool
    tags: tuple[tuple[str, str], ...]


class SubmittedRecord(msgspec.Struct, frozen=True, gc=False):
    """A usage record as submitted; the quantity is in micro-units."""

    timestamp: Instant
    dimension: str
    quantity: int
    is_decimal: bool
    customer_identifier: str | None
    customer_aws_account_id: str | None
    license_arn: str | None
    allocations: tuple[Allocation, ...] = ()


class SubmittedBatch(msgspec.Struct, frozen=True):
    """A batch as submitted: up to 25 records of one product."""

    product_code: str | None
    records: Sequence[SubmittedRecord]


class Circumstances(msgspec.Struct, frozen=True):
    """What a batch is judged by, beside itself.

    Attributes:
        seller_id: the calling account.
        region: of the endpoint that was called; usage is kept apart by Region.
    """

    market: Market
    choices: MeteringChoices
    seller_id: str
    region: str
    now: Instant


UsageKey: TypeAlias = tuple[int, int, str, int, int, int, str]
"""A usage record's key: the first seven columns of `UsageRow`, in order."""


class UsageRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An accepted usage record as the ledger keeps it; the first seven columns are its key.

    Attributes:
        hour: whole hours since the epoch.
        license: the agreement's number where the record was sent by LicenseArn, else 0.
        resource: what emitted it; empty for BatchMeterUsage.
        record_id: the sixteen bytes of the MeteringRecordId.
        allocations: JSON of the allocations, or None.
    """

    product: int
    hour: int
    region: str
    customer: int
    license: int
    dimension: int
    resource: str
    quantity: int
    timestamp: Instant
    agreement: int
    record_id: bytes
    received_at: Instant
    allocations: bytes | None

    @property
    def key(self) -> UsageKey:
        """What there is at most one accepted record of."""
        return (
            self.product,
            self.hour,
            self.region,
            self.customer,
            self.license,
            self.dimension,
            self.resource,
        )


class Standing(NamedTuple):
    """What already stands under a key that was to be inserted."""

    record_id: bytes
    quantity: int


class Verdict(StrEnum):
    """What became of one record. Source: UsageRecordResultStatus."""

    SUCCESS = "Success"
    CUSTOMER_NOT_SUBSCRIBED = "CustomerNotSubscribed"
    DUPLICATE_RECORD = "DuplicateRecord"


class RecordResult(msgspec.Struct, frozen=True, gc=False):
    """The verdict on one record.

    Attributes:
        record_id: of the accepted record; None for one that was not recorded.
        why: for the operator; empty for a plain Success.
    """

    verdict: Verdict
    record_id: bytes | None
    why: str = ""


Customer: TypeAlias = tuple[str | None, str | None, str | None]
"""Whom a record is about: the CustomerIdentifier, CustomerAWSAccountId and LicenseArn it gives."""


def customers_of(records: Iterable[SubmittedRecord]) -> list[Customer]:
    """Whom each record is about, in order."""
    return [
        (record.customer_identifier, record.customer_aws_account_id, record.license_arn)
        for record in records
    ]


def find_agreements(
    records: Sequence[SubmittedRecord], product: Product, given: Circumstances
) -> list[Agreement | RecordResult]:
    """The agreement that each record is billed under, or why its customer is not subscribed.

    A customer is looked up once, however many of the records are about it.
    """
    found: list[Agreement | RecordResult] = []
    known: dict[Customer, Sequence[Agreement | RecordResult]] = {}
    for record, customer in zip(records, customers_of(records), strict=True):
        possible = known.get(customer)
        if possible is None:
            possible = known[customer] = _possible(customer, product, given)
        found.append(possible[0] if len(possible) == 1 else _covering(possible, record.timestamp))
    return found


def _possible(
    customer: Customer, product: Product, given: Circumstances
) -> Sequence[Agreement | RecordResult]:
    """The customer's agreements that take usage now; if none does, the one reason."""
    candidates = _agreements(customer, product, given.market)
    taking = [agreement for agreement in candidates if agreement.takes_usage(given.now)]
    if taking:
        return taking
    why = _not_subscribed(customer, product, candidates, given.now)
    return (RecordResult(Verdict.CUSTOMER_NOT_SUBSCRIBED, None, why),)


def _agreements(customer: Customer, product: Product, market: Market) -> Sequence[Agreement]:
    identifier, account_id, license_arn = customer
    if license_arn is not None:
        agreement = market.agreement_by_license_arn(license_arn)
        return () if agreement is None else (agreement,)
    if identifier is not None:
        return market.agreements_of_customer(product.id, identifier)
    return market.agreements_of(product.id, account_id or "")


def _covering(
    possible: Sequence[Agreement | RecordResult], timestamp: Instant
) -> Agreement | RecordResult:
    """Where one is in its final window and the next has begun: usage falls under its own time's."""
    covering = (each for each in possible if isinstance(each, Agreement) and each.covers(timestamp))
    return next(covering, possible[0])


def _not_subscribed(
    customer: Customer, product: Product, candidates: Sequence[Agreement], now: Instant
) -> str:
    identifier, account_id, _ = customer
    if not candidates:
        return f"Customer {identifier or account_id} has no agreement to product {product.code}."
    latest = max(candidates, key=lambda agreement: agreement.starts)
    if latest.starts > now:
        return f"Agreement {latest.id} starts only at {format_instant(latest.starts)}."
    ended = format_instant(latest.ends or now)
    return f"Agreement {latest.id} ended at {ended}; final records are taken for one hour."


def to_rows(
    records: Sequence[SubmittedRecord],
    agreements: Sequence[Agreement | RecordResult],
    product: Product,
    given: Circumstances,
    record_ids: Iterator[bytes],
) -> list[UsageRow]:
    """The rows to insert: one for each record whose customer is subscribed, in order."""
    return [
        UsageRow(
            product.number,
            record.timestamp // HOUR,
            given.region,
            agreement.customer,
            0 if record.license_arn is None else agreement.number,
            product.metered[record.dimension].number,
            "",
            record.quantity,
            record.timestamp,
            agreement.number,
            next(record_ids),
            given.now,
            encode_allocations(record.allocations),
        )
        for record, agreement in zip(records, agreements, strict=True)
        if isinstance(agreement, Agreement)
    ]


_allocations_json = msgspec.json.Encoder()


def encode_allocations(allocations: tuple[Allocation, ...]) -> bytes | None:
    """As a row keeps them: JSON, or None where there are none."""
    return _allocations_json.encode(allocations) if allocations else None


def judge(row: UsageRow, standing: Standing | None, choices: MeteringChoices) -> RecordResult:
    """Decide what inserting a row meant, given what already stood under its key.

    Args:
        row: what was to be inserted.
        standing: None if it was inserted.
        choices: whether an identical record again is a success.

    Source: UsageRecordResultStatus; QuantityAsDecimal, "Quantities are compared by value".
    """
    if standing is None:
        return RecordResult(Verdict.SUCCESS, row.record_id)
    if standing.quantity != row.quantity:
        return RecordResult(
            Verdict.DUPLICATE_RECORD,
            None,
            f"{to_decimal(standing.quantity)} is already recorded for this customer, dimension "
            f"and hour; {to_decimal(row.quantity)} was sent.",
        )
    if choices.identical_resend is IdenticalResend.DUPLICATE_RECORD:
        return RecordResult(Verdict.DUPLICATE_RECORD, None, "The same record was sent before.")
    return RecordResult(Verdict.SUCCESS, standing.record_id, "The same record was sent before.")

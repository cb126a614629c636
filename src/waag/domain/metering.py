"""Usage records: as submitted, as kept, and the verdict on each.

A batch that passed the checks of `metering_checks` has no fault as a whole; here every record gets
a verdict of its own: whose agreement it falls under, and what already stands under its key.

Source: meteringmarketplace/2016-01-14, BatchMeterUsage, UsageRecord and UsageRecordResult. The
choices where that text is silent or contradicts others are listed in docs/compatibility.md.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Annotated, NamedTuple

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


class UsageRow(NamedTuple):
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


class Standing(NamedTuple):
    """What already stands under a key that was to be inserted."""

    record_id: bytes
    quantity: int


class Verdict(Enum):
    """What became of one record. Source: UsageRecordResultStatus."""

    SUCCESS = "Success"
    CUSTOMER_NOT_SUBSCRIBED = "CustomerNotSubscribed"
    DUPLICATE_RECORD = "DuplicateRecord"


class RecordResult(NamedTuple):
    """The verdict on one record.

    Attributes:
        record_id: of the accepted record; None for one that was not recorded.
        why: for the operator; empty for a plain Success.
    """

    verdict: Verdict
    record_id: bytes | None
    why: str = ""


def find_agreement(
    record: SubmittedRecord, product: Product, given: Circumstances
) -> Agreement | RecordResult:
    """The agreement a record is billed under, or why its customer is not subscribed."""
    market = given.market
    if record.license_arn is not None:
        agreement = market.agreement_by_license_arn(record.license_arn)
        candidates = () if agreement is None else (agreement,)
    elif record.customer_identifier is not None:
        candidates = market.agreements_of_customer(product.id, record.customer_identifier)
    else:
        candidates = market.agreements_of(product.id, record.customer_aws_account_id or "")
    taking = [agreement for agreement in candidates if agreement.takes_usage(given.now)]
    if len(taking) == 1:
        return taking[0]
    if taking:
        # In the final window of one the next may have begun: usage falls under its own time's.
        return next((each for each in taking if each.covers(record.timestamp)), taking[0])
    return RecordResult(
        Verdict.CUSTOMER_NOT_SUBSCRIBED,
        None,
        _not_subscribed(record, product, candidates, given.now),
    )


def _not_subscribed(
    record: SubmittedRecord, product: Product, candidates: Sequence[Agreement], now: Instant
) -> str:
    customer = record.customer_identifier or record.customer_aws_account_id
    if not candidates:
        return f"Customer {customer} has no agreement to product {product.code}."
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
            _allocations_json.encode(record.allocations) if record.allocations else None,
        )
        for record, agreement in zip(records, agreements, strict=True)
        if isinstance(agreement, Agreement)
    ]


_allocations_json = msgspec.json.Encoder()


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

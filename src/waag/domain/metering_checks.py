"""What BatchMeterUsage refuses whole: nothing of such a batch is recorded.

The checks run in a fixed order, each over all records, so that a batch with several faults is
always refused for the same one, whichever records they are in:

    product → Region → license → dimension → timestamp → allocations → tags → customer

In a request without ProductCode the licenses name the product, so that one nobody granted, or one
of another product than the rest, is found first.

Source: meteringmarketplace/2016-01-14, BatchMeterUsage and its shapes; the order and the choices
where that text is silent are listed in docs/compatibility.md.
"""

from collections.abc import Sequence

from waag.domain.allocations import check_allocations, check_tags
from waag.domain.instants import DAY, HOUR, SECOND, Instant, format_instant, start_of_month
from waag.domain.market import Integration, Market, Product
from waag.domain.metering import (
    BatchWindow,
    BothCustomerIdentifiers,
    Circumstances,
    Customer,
    MeteringChoices,
    ProductCodeWithLicense,
    SubmittedBatch,
    SubmittedRecord,
    UnknownCustomer,
    customers_of,
)
from waag.domain.refusals import (
    ApiDisabled,
    CustomerUnknown,
    DimensionUnknown,
    LicenseMismatch,
    ProductUnknown,
    TimestampOutOfBounds,
)

MONTH_END_GRACE = 6 * HOUR
"""Usage of a month is accepted until 06:00 UTC on the first of the next."""


def find_product(batch: SubmittedBatch, given: Circumstances) -> Product | None:
    """The one product a batch is for; None for an empty batch that names none.

    Raises:
        ProductUnknown: no such code, or another seller's, or neither code nor licenses.
        LicenseMismatch: no code, and a license nobody granted, another seller's, or one of another
            product than the rest.
        ApiDisabled: the product is not metered in the Region called.
    """
    if batch.product_code:
        product = given.market.product_by_code(batch.product_code)
        if product is None or product.seller_id != given.seller_id:
            raise ProductUnknown(
                f"Account {given.seller_id} publishes no product with the product code "
                f"{batch.product_code!r}."
            )
    elif batch.records:
        product = _product_of_licenses(batch.records, given)
    else:
        return None
    if not product.type.is_saas:
        raise ProductUnknown(
            f"Product {product.code} is sold as {product.type.value}: its usage is reported by "
            "the buyer's workload with MeterUsage, not by the seller with BatchMeterUsage."
        )
    if given.region not in product.regions:
        raise ApiDisabled(
            f"Product {product.code} is not metered in {given.region}; it is in "
            f"{', '.join(sorted(product.regions))}."
        )
    return product


def _product_of_licenses(records: Sequence[SubmittedRecord], given: Circumstances) -> Product:
    for index, record in enumerate(records):
        if record.license_arn is None:
            raise ProductUnknown(
                f"The request has no ProductCode, and UsageRecords[{index}] has no LicenseArn that "
                "would name its product."
            )
    products = [_product_of_license(index, record, given) for index, record in enumerate(records)]
    for index, product in enumerate(products):
        if product.id != products[0].id:
            raise LicenseMismatch(_other_product(index, records[index], products[0]))
    return products[0]


def _product_of_license(index: int, record: SubmittedRecord, given: Circumstances) -> Product:
    agreement = given.market.agreement_by_license_arn(record.license_arn or "")
    product = given.market.product(agreement.product_id) if agreement is not None else None
    if product is None or product.seller_id != given.seller_id:
        raise LicenseMismatch(
            f"UsageRecords[{index}]: account {given.seller_id} has granted no license "
            f"{record.license_arn}."
        )
    return product


def _other_product(index: int, record: SubmittedRecord, product: Product) -> str:
    return (
        f"UsageRecords[{index}]: the license {record.license_arn} is not for product "
        f"{product.code}; a batch is for one product."
    )


def check_batch(batch: SubmittedBatch, product: Product, given: Circumstances) -> None:
    """Refuse a batch that AWS would refuse whole; see the module's text for the order.

    Raises:
        LicenseMismatch, DimensionUnknown, TimestampOutOfBounds, AllocationsMismatch, TagInvalid,
        CustomerUnknown: naming the first record at fault.
    """
    records = batch.records
    code_forbids_license = (
        bool(batch.product_code)
        and product.integration is Integration.CONCURRENT
        and given.choices.product_code_with_license is ProductCodeWithLicense.REJECT
    )
    for index, record in enumerate(records):
        if record.license_arn is not None:
            _check_license(index, record, product, given, code_forbids_license)
    unknown = {record.dimension for record in records} - product.metered.keys()
    if unknown:
        index = next(i for i, record in enumerate(records) if record.dimension in unknown)
        where = f"UsageRecords[{index}]"
        raise DimensionUnknown(unknown_dimension(where, records[index].dimension, product))
    oldest, newest = accepted_window(given.choices, given.now)
    for index, record in enumerate(records):
        if not oldest <= record.timestamp <= newest:
            raise TimestampOutOfBounds(_out_of_bounds(index, record, given))
    allocated = [(index, record) for index, record in enumerate(records) if record.allocations]
    for index, record in allocated:
        where = f"UsageRecords[{index}].UsageAllocations"
        check_allocations(where, record.allocations, record.quantity, is_decimal=record.is_decimal)
    for index, record in allocated:
        check_tags(f"UsageRecords[{index}].UsageAllocations", record.allocations)
    checked: set[Customer] = set()
    for index, customer in enumerate(customers_of(records)):
        if customer not in checked:
            checked.add(customer)
            _check_customer(index, records[index], product, given)


def accepted_window(choices: MeteringChoices, now: Instant) -> tuple[Instant, Instant]:
    """The oldest and the newest timestamp accepted at `now`, both inclusive.

    Younger than 24 hours, and of a month whose 06:00 UTC on the first of the next month has not
    come. Source: BatchMeterUsage, "Usage records aren't accepted 24 hours or more after an event"
    and the month-end example that follows it.
    """
    exact = choices.batch_window is BatchWindow.EXACT
    oldest = (now + 1 if exact else now - now % HOUR) - DAY
    month = start_of_month(now)
    if now >= month + MONTH_END_GRACE:
        oldest = max(oldest, month)
    return oldest, now + choices.future_tolerance_seconds * SECOND


def _out_of_bounds(index: int, record: SubmittedRecord, given: Circumstances) -> str:
    now = given.now
    where = f"UsageRecords[{index}]: {format_instant(record.timestamp)}"
    oldest, newest = accepted_window(given.choices, now)
    if record.timestamp > newest:
        return f"{where} is in the future; it is {format_instant(now)}."
    if now - record.timestamp < DAY:
        return (
            f"{where} is of a month that closed at 06:00 UTC on the first of the next; the oldest "
            f"accepted at {format_instant(now)} is {format_instant(oldest)}."
        )
    return (
        f"{where} is 24 hours old or older; the oldest accepted at {format_instant(now)} is "
        f"{format_instant(oldest)}."
    )


def unknown_dimension(where: str, key: str, product: Product) -> str:
    """Why no usage is taken for a dimension, and for which it is."""
    named = f"{where}: product {product.code}"
    if any(dimension.key == key for dimension in product.dimensions):
        return f"{named} does not take usage for the dimension {key!r}."
    offered = ", ".join(sorted(product.metered)) or "none"
    return f"{named} has no dimension {key!r}; usage is taken for: {offered}."


def _check_license(
    index: int,
    record: SubmittedRecord,
    product: Product,
    given: Circumstances,
    code_forbids_license: bool,  # noqa: FBT001 - decided once for the batch
) -> None:
    where = f"UsageRecords[{index}]"
    agreement = given.market.agreement_by_license_arn(record.license_arn or "")
    if agreement is None:
        raise LicenseMismatch(f"{where}: nobody granted the license {record.license_arn}.")
    if agreement.product_id != product.id:
        raise LicenseMismatch(_other_product(index, record, product))
    if code_forbids_license:
        raise LicenseMismatch(
            f"{where}: product {product.code} has concurrent agreements, so LicenseArn names it "
            "and ProductCode may not be sent."
        )
    if record.customer_aws_account_id not in (None, agreement.buyer_id):
        raise LicenseMismatch(
            f"{where}: the license {record.license_arn} is not of customer "
            f"{record.customer_aws_account_id}."
        )
    starts = agreement.starts - agreement.starts % HOUR
    if record.timestamp < starts or (
        agreement.ends is not None and record.timestamp >= agreement.ends
    ):
        until = "" if agreement.ends is None else f" until {format_instant(agreement.ends)}"
        raise LicenseMismatch(
            f"{where}: {format_instant(record.timestamp)} is outside the license's activation "
            f"period, from {format_instant(starts)}{until}."
        )


def _check_customer(
    index: int,
    record: SubmittedRecord,
    product: Product,
    given: Circumstances,
) -> None:
    market, choices = given.market, given.choices
    identifier, account_id = record.customer_identifier, record.customer_aws_account_id
    if record.license_arn is None and _is_customer(identifier, account_id, product, market):
        return  # as nearly all are, and one look-up tells
    where = f"UsageRecords[{index}]"
    if record.license_arn is not None and account_id is None:
        raise CustomerUnknown(f"{where} has a LicenseArn but no CustomerAWSAccountId.")
    if identifier is None and account_id is None:
        raise CustomerUnknown(f"{where} has neither CustomerIdentifier nor CustomerAWSAccountId.")
    if identifier is not None and account_id is not None:
        if choices.both_customer_identifiers is BothCustomerIdentifiers.REJECT:
            raise CustomerUnknown(
                f"{where} has both CustomerIdentifier and CustomerAWSAccountId; send one."
            )
        buyers = {agreement.buyer_id for agreement in market.agreements_by_identifier(identifier)}
        if buyers and account_id not in buyers:
            raise CustomerUnknown(
                f"{where}: CustomerIdentifier {identifier!r} is not of account {account_id}."
            )
    if choices.unknown_customer is UnknownCustomer.STATUS:
        return
    if identifier is not None and not any(
        (sold := market.product(agreement.product_id)) is not None
        and sold.seller_id == product.seller_id
        for agreement in market.agreements_by_identifier(identifier)
    ):
        raise CustomerUnknown(
            f"{where}: no customer of account {product.seller_id} has the CustomerIdentifier "
            f"{identifier!r}."
        )
    if account_id is not None and market.account(account_id) is None:
        raise CustomerUnknown(f"{where}: there is no AWS account {account_id}.")


def _is_customer(
    identifier: str | None, account_id: str | None, product: Product, market: Market
) -> bool:
    """Whether one of the two is given, and is a customer's of this very product."""
    if account_id is None:
        return identifier is not None and bool(
            market.agreements_of_customer(product.id, identifier)
        )
    return identifier is None and bool(market.agreements_of(product.id, account_id))

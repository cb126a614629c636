"""What a batch is refused for as a whole: its product, licenses, dimensions and customers."""

import pytest

from builders import (
    ARCHIVE_LICENSE,
    BUYER,
    LICENSE,
    OTHER_BUYER,
    OTHER_BUYERS_LICENSE,
    OTHER_SELLERS_LICENSE,
    SCANNER_LICENSE,
    STRANGER,
    UNKNOWN_LICENSE,
    at,
    batch,
    by_license,
    circumstances,
    granted,
    licensed,
    market,
    record,
    refused,
)
from waag.domain.metering import BothCustomerIdentifiers, ProductCodeWithLicense, UnknownCustomer
from waag.domain.metering_checks import find_product
from waag.domain.refusals import (
    ApiDisabled,
    CustomerUnknown,
    DimensionUnknown,
    LicenseMismatch,
    ProductUnknown,
)


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        pytest.param(batch(record()), "analytics", id="by code"),
        pytest.param(batch(), "analytics", id="by code, empty"),
        pytest.param(by_license(licensed()), "vault", id="by license"),
        pytest.param(batch(licensed(), product_code=""), "vault", id="an empty code is none"),
    ],
)
def test_the_product_of_a_batch(submitted, expected):
    """Named by ProductCode, or else by the licenses."""
    found = find_product(submitted, circumstances())
    assert found is not None
    assert found.code == expected


@pytest.mark.parametrize("code", [None, ""])
def test_an_empty_batch_without_a_code_is_for_no_product(code):
    """Nothing names a product, and nothing needs one."""
    assert find_product(batch(product_code=code), circumstances()) is None


@pytest.mark.parametrize(
    ("submitted", "region", "expected", "why"),
    [
        (
            batch(product_code="nothing"),
            "us-east-1",
            ProductUnknown,
            "Account 120000000001 publishes no product with the product code 'nothing'.",
        ),
        (
            batch(record(), product_code="Analytics"),
            "us-east-1",
            ProductUnknown,
            "Account 120000000001 publishes no product with the product code 'Analytics'.",
        ),
        (
            batch(record(), product_code="forms"),
            "us-east-1",
            ProductUnknown,
            "Account 120000000001 publishes no product with the product code 'forms'.",
        ),
        (
            by_license(licensed(), record()),
            "us-east-1",
            ProductUnknown,
            "The request has no ProductCode, and UsageRecords[1] has no LicenseArn that would name "
            "its product.",
        ),
        (
            by_license(licensed(), licensed(license_arn=UNKNOWN_LICENSE)),
            "us-east-1",
            LicenseMismatch,
            f"UsageRecords[1]: account 120000000001 has granted no license {UNKNOWN_LICENSE}.",
        ),
        (
            by_license(licensed(license_arn=OTHER_SELLERS_LICENSE)),
            "us-east-1",
            LicenseMismatch,
            "UsageRecords[0]: account 120000000001 has granted no license "
            f"{OTHER_SELLERS_LICENSE}.",
        ),
        (
            by_license(licensed(), licensed(license_arn=ARCHIVE_LICENSE)),
            "us-east-1",
            LicenseMismatch,
            f"UsageRecords[1]: the license {ARCHIVE_LICENSE} is not for product vault; a batch is "
            "for one product.",
        ),
        (
            batch(record(), product_code="scanner"),
            "us-east-1",
            ProductUnknown,
            "Product scanner is sold as ami: its usage is reported by the buyer's workload with "
            "MeterUsage, not by the seller with BatchMeterUsage.",
        ),
        (
            by_license(licensed(license_arn=SCANNER_LICENSE)),
            "us-east-1",
            ProductUnknown,
            "Product scanner is sold as ami: its usage is reported by the buyer's workload with "
            "MeterUsage, not by the seller with BatchMeterUsage.",
        ),
        (
            batch(record()),
            "eu-central-1",
            ApiDisabled,
            "Product analytics is not metered in eu-central-1; it is in eu-west-1, us-east-1.",
        ),
        (
            batch(),
            "eu-central-1",
            ApiDisabled,
            "Product analytics is not metered in eu-central-1; it is in eu-west-1, us-east-1.",
        ),
    ],
)
def test_a_batch_for_no_product_of_the_caller_here(submitted, region, expected, why):
    """The product is unknown, another seller's, metered otherwise, or not in this Region."""
    assert refused(submitted, region=region) == (expected, why)


ACTIVE = "from 2026-05-14T09:00:00Z until 2026-05-14T11:30:00Z"
ENDING = "arn:ending"
TERM = granted(
    8,
    "prod-vault00000001",
    ENDING,
    starts=at("2026-05-14T09:40:00"),
    ends=at("2026-05-14T11:30:00"),
)


@pytest.mark.parametrize(
    ("submitted", "why"),
    [
        (
            batch(record(), licensed(license_arn=UNKNOWN_LICENSE)),
            f"UsageRecords[1]: nobody granted the license {UNKNOWN_LICENSE}.",
        ),
        (
            batch(licensed()),
            f"UsageRecords[0]: the license {LICENSE} is not for product analytics; a batch is for "
            "one product.",
        ),
        (
            batch(licensed(), product_code="vault"),
            "UsageRecords[0]: product vault has concurrent agreements, so LicenseArn names it and "
            "ProductCode may not be sent.",
        ),
        (
            by_license(licensed(), licensed(license_arn=OTHER_BUYERS_LICENSE)),
            f"UsageRecords[1]: the license {OTHER_BUYERS_LICENSE} is not of customer 210000000001.",
        ),
        (
            by_license(licensed(customer_aws_account_id=STRANGER)),
            f"UsageRecords[0]: the license {LICENSE} is not of customer 999999999999.",
        ),
    ],
)
def test_a_license_that_does_not_fit(submitted, why):
    """Unknown, of another product, beside a product code, or of another customer."""
    assert refused(submitted) == (LicenseMismatch, why)


@pytest.mark.parametrize(
    ("timestamp", "active"),
    [
        ("2026-05-14T08:59:59.999999", False),
        ("2026-05-14T09:00:00", True),
        ("2026-05-14T11:29:59.999999", True),
        ("2026-05-14T11:30:00", False),
    ],
)
def test_usage_outside_the_term_of_a_license(timestamp, active):
    """From the hour in which it starts to the instant of its end."""
    sent = licensed(license_arn=ENDING, timestamp=at(timestamp))
    why = f"UsageRecords[0]: {timestamp}Z is outside the license's activation period, {ACTIVE}."
    expected = None if active else (LicenseMismatch, why)
    now = at("2026-05-14T12:00:00")
    assert refused(by_license(sent), market=market(TERM), now=now) == expected


def test_usage_before_the_start_of_a_license_without_an_end():
    """The sentence names no end where there is none."""
    sent = licensed(timestamp=at("2025-12-31T23:59:59"))
    assert refused(by_license(sent)) == (
        LicenseMismatch,
        "UsageRecords[0]: 2025-12-31T23:59:59Z is outside the license's activation period, from "
        "2026-01-01T00:00:00Z.",
    )


@pytest.mark.parametrize(
    ("submitted", "choices"),
    [
        pytest.param(by_license(licensed()), {}, id="license alone"),
        pytest.param(
            by_license(
                licensed(),
                licensed(license_arn=OTHER_BUYERS_LICENSE, customer_aws_account_id=OTHER_BUYER),
            ),
            {},
            id="licenses of two customers",
        ),
        pytest.param(
            batch(licensed(), product_code="vault"),
            {"product_code_with_license": ProductCodeWithLicense.ACCEPT},
            id="with the product code, by choice",
        ),
        pytest.param(
            batch(licensed(license_arn="arn:legacy")),
            {"market": market(granted(8, "prod-analytics0001", "arn:legacy"))},
            id="with the product code of a product with the legacy integration",
        ),
        pytest.param(
            batch(record(customer_aws_account_id=BUYER), product_code="vault"),
            {},
            id="the product code alone, of a product with concurrent agreements",
        ),
    ],
)
def test_licenses_that_pass(submitted, choices):
    """Licenses beside one another, and beside a product code where that may be."""
    assert refused(submitted, **choices) is None


@pytest.mark.parametrize(
    ("dimension", "why"),
    [
        (
            "nothing",
            "product analytics has no dimension 'nothing'; usage is taken for: gb, users.",
        ),
        ("Users", "product analytics has no dimension 'Users'; usage is taken for: gb, users."),
        ("seats", "product analytics does not take usage for the dimension 'seats'."),
        ("former", "product analytics does not take usage for the dimension 'former'."),
    ],
    ids=["unknown", "case counts", "bought in advance", "no longer offered"],
)
def test_a_dimension_that_takes_no_usage(dimension, why):
    """One bad record refuses the batch, and the sentence names it."""
    submitted = batch(record(), record(dimension=dimension))
    assert refused(submitted) == (DimensionUnknown, f"UsageRecords[1]: {why}")


EITHER = {"both_customer_identifiers": BothCustomerIdentifiers.ACCEPT}
BY_STATUS = {"unknown_customer": UnknownCustomer.STATUS}
NO_SUCH_CUSTOMER = (
    "UsageRecords[0]: no customer of account 120000000001 has the CustomerIdentifier {!r}."
)
BOTH = record(customer_identifier="cust-1", customer_aws_account_id=BUYER)
TWO_CUSTOMERS = record(customer_identifier="cust-1", customer_aws_account_id=OTHER_BUYER)
NOBODY = record(customer_identifier="nobody")
NOBODY_AND_BUYER = record(customer_identifier="nobody", customer_aws_account_id=BUYER)
OTHER_SELLERS = record(customer_identifier="forms-cust-1")
OTHER_SELLERS_AND_BUYER = record(customer_identifier="forms-cust-1", customer_aws_account_id=BUYER)
NO_ACCOUNT = record(customer_aws_account_id=STRANGER)
ANONYMOUS = record(customer_aws_account_id=None)


@pytest.mark.parametrize(
    ("submitted", "choices", "why"),
    [
        (record(customer_identifier="cust-1"), {}, None),
        (record(customer_aws_account_id=BUYER), {}, None),
        (record(customer_aws_account_id="120000000002"), {}, None),
        (
            ANONYMOUS,
            {},
            "UsageRecords[0] has neither CustomerIdentifier nor CustomerAWSAccountId.",
        ),
        (
            ANONYMOUS,
            BY_STATUS,
            "UsageRecords[0] has neither CustomerIdentifier nor CustomerAWSAccountId.",
        ),
        (
            BOTH,
            {},
            "UsageRecords[0] has both CustomerIdentifier and CustomerAWSAccountId; send one.",
        ),
        (
            BOTH,
            BY_STATUS,
            "UsageRecords[0] has both CustomerIdentifier and CustomerAWSAccountId; send one.",
        ),
        (BOTH, EITHER, None),
        (
            TWO_CUSTOMERS,
            EITHER,
            "UsageRecords[0]: CustomerIdentifier 'cust-1' is not of account 210000000002.",
        ),
        (
            TWO_CUSTOMERS,
            EITHER | BY_STATUS,
            "UsageRecords[0]: CustomerIdentifier 'cust-1' is not of account 210000000002.",
        ),
        (NOBODY, {}, NO_SUCH_CUSTOMER.format("nobody")),
        (NOBODY, BY_STATUS, None),
        (NOBODY_AND_BUYER, EITHER, NO_SUCH_CUSTOMER.format("nobody")),
        (NOBODY_AND_BUYER, EITHER | BY_STATUS, None),
        (OTHER_SELLERS, {}, NO_SUCH_CUSTOMER.format("forms-cust-1")),
        (OTHER_SELLERS, BY_STATUS, None),
        (OTHER_SELLERS_AND_BUYER, EITHER, NO_SUCH_CUSTOMER.format("forms-cust-1")),
        (NO_ACCOUNT, {}, "UsageRecords[0]: there is no AWS account 999999999999."),
        (NO_ACCOUNT, BY_STATUS, None),
    ],
)
def test_who_the_customer_is(submitted, choices, why):
    """One identifier that the seller can know; what else is, is a choice."""
    expected = None if why is None else (CustomerUnknown, why)
    assert refused(batch(submitted), **choices) == expected


@pytest.mark.parametrize("choices", [{}, EITHER, BY_STATUS], ids=["default", "either", "by status"])
@pytest.mark.parametrize("identifier", [None, "cust-1"])
def test_a_license_needs_the_account(identifier, choices):
    """CustomerAWSAccountId goes with LicenseArn, whatever the choices."""
    sent = licensed(customer_identifier=identifier, customer_aws_account_id=None)
    assert refused(by_license(sent), **choices) == (
        CustomerUnknown,
        "UsageRecords[0] has a LicenseArn but no CustomerAWSAccountId.",
    )

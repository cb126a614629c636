"""An unmodified boto3 meters usage over a real socket, signature verified."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from market_now import NOW

from server import DIJK, MOLEN, RESOLVER

ANALYTICS = "1poldertab2lytics3legacy4"
VAULT_LICENSE = "arn:aws:license-manager::294406891311:license:l-00112233445566778899aabbccddeeff"


def record(**given):
    """A record that is accepted; a member given as None is left out."""
    usual = {
        "Timestamp": NOW,
        "CustomerIdentifier": "moLenBank01",
        "Dimension": "users",
        "Quantity": 5,
    }
    return {name: value for name, value in (usual | given).items() if value is not None}


def meter(server, *records, product=ANALYTICS, **client):
    """Send one batch."""
    named = {} if product is None else {"ProductCode": product}
    return server.client(**client).batch_meter_usage(UsageRecords=list(records), **named)


def statuses(answer):
    """The status of each record, in order."""
    return [result["Status"] for result in answer["Results"]]


def test_a_valid_record_is_a_success(server):
    """A record of a subscribed customer is accepted."""
    assert statuses(meter(server, record())) == ["Success"]


def test_what_was_accepted_is_read_back(server):
    """The operator reads back what boto3 was told is accepted."""
    when = NOW
    accepted = meter(server, record(Timestamp=when, Quantity=None, QuantityAsDecimal="17.420"))
    [read] = server.ask("GET", "/usage-records")["usage_records"]
    assert read | {"received_at": "", "hour": ""} == {
        "id": accepted["Results"][0]["MeteringRecordId"],
        "product_code": ANALYTICS,
        "agreement": "agmt-molenanalytics001",
        "customer_aws_account_id": "210000000001",
        "customer_identifier": "moLenBank01",
        "license_arn": None,
        "dimension": "users",
        "timestamp": when.isoformat().replace("+00:00", "Z"),
        "hour": "",
        "quantity": "17.42",
        "region": "us-east-1",
        "resource": None,
        "received_at": "",
        "allocations": [],
    }


def test_an_identical_record_again_has_the_same_id(server):
    """Sending a record again changes nothing and answers the id of the first."""
    same = record()
    first, again = meter(server, same), meter(server, same)
    assert again["Results"] == first["Results"]


def test_the_other_quantity_field_with_the_same_value_is_identical(server):
    """17 and 17.00 are the same quantity, whichever member carries it."""
    when = NOW
    first = meter(server, record(Timestamp=when, Quantity=17))
    again = meter(server, record(Timestamp=when, Quantity=None, QuantityAsDecimal="17.00"))
    ids = [answer["Results"][0]["MeteringRecordId"] for answer in (first, again)]
    assert ids[0] == ids[1]


def test_another_quantity_for_the_same_hour_is_a_duplicate_record(server):
    """The first record of a customer, dimension and hour stands; another quantity is refused."""
    when = NOW.replace(minute=0, second=0)
    meter(server, record(Timestamp=when, Quantity=5))
    answer = meter(server, record(Timestamp=when, Quantity=6))
    assert statuses(answer) == ["DuplicateRecord"]


def test_a_refused_duplicate_leaves_the_first(server):
    """After a DuplicateRecord the ledger holds the first quantity alone."""
    when = NOW.replace(minute=0, second=0)
    meter(server, record(Timestamp=when, Quantity=5), record(Timestamp=when, Quantity=6))
    read = server.ask("GET", "/usage-records")["usage_records"]
    assert [each["quantity"] for each in read] == ["5"]


def test_one_batch_may_have_mixed_results(server):
    """Results stand in the order of the records, each with its own status."""
    when = NOW
    answer = meter(
        server,
        record(Timestamp=when),
        record(Timestamp=when, Quantity=7),
        record(CustomerIdentifier=None, CustomerAWSAccountId="120000000002"),
    )
    assert statuses(answer) == ["Success", "DuplicateRecord", "CustomerNotSubscribed"]


def test_only_a_success_has_a_metering_record_id(server):
    """A record that was not recorded has no MeteringRecordId."""
    stranger = record(CustomerIdentifier=None, CustomerAWSAccountId="120000000002")
    answer = meter(server, stranger)
    assert "MeteringRecordId" not in answer["Results"][0]


def test_records_are_echoed_as_sent(server):
    """UsageRecord repeats the record with its microseconds and nothing added."""
    sent = record(Timestamp=NOW.replace(microsecond=123456))
    assert meter(server, sent)["Results"][0]["UsageRecord"] == sent


def test_unprocessed_records_are_present_and_empty(server):
    """UnprocessedRecords is there, and empty."""
    assert meter(server, record())["UnprocessedRecords"] == []


def test_the_license_style_needs_no_product_code(server):
    """CustomerAWSAccountId and LicenseArn name customer and product."""
    licensed = record(
        CustomerIdentifier=None,
        CustomerAWSAccountId="210000000001",
        LicenseArn=VAULT_LICENSE,
        Dimension="overage",
    )
    assert statuses(meter(server, licensed, product=None)) == ["Success"]


def test_the_middle_style_names_the_same_customer(server):
    """CustomerAWSAccountId beside ProductCode falls under the customer identifier's record."""
    when = NOW
    first = meter(server, record(Timestamp=when))
    by_account = record(
        Timestamp=when, CustomerIdentifier=None, CustomerAWSAccountId="210000000001"
    )
    assert (
        meter(server, by_account)["Results"][0]["MeteringRecordId"]
        == (first["Results"][0]["MeteringRecordId"])
    )


def test_regions_are_apart(server):
    """The same record sent to two Regions is two records."""
    same = record(Timestamp=NOW)
    meter(server, same, region="us-east-1")
    meter(server, same, region="eu-west-1")
    read = server.ask("GET", "/usage-records")["usage_records"]
    assert sorted(each["region"] for each in read) == ["eu-west-1", "us-east-1"]


def test_allocations_are_kept(server):
    """Usage allocations are read back with their tags."""
    tags = [{"Key": "team", "Value": "a=b"}]
    allocations = [
        {"AllocatedUsageQuantity": 2, "Tags": tags},
        {"AllocatedUsageQuantity": 3},
    ]
    meter(server, record(UsageAllocations=allocations))
    [read] = server.ask("GET", "/usage-records")["usage_records"]
    assert read["allocations"] == [
        {"quantity": "2", "tags": {"team": "a=b"}},
        {"quantity": "3", "tags": {}},
    ]


def late(**by):
    """A record whose timestamp lies so far back."""
    return record(Timestamp=NOW - timedelta(**by))


@pytest.mark.parametrize(
    ("code", "records", "product"),
    [
        ("TimestampOutOfBoundsException", [record(), late(hours=24)], ANALYTICS),
        ("TimestampOutOfBoundsException", [late(hours=-1)], ANALYTICS),
        ("TimestampOutOfBoundsException", [late(days=20000)], ANALYTICS),
        ("InvalidUsageDimensionException", [record(Dimension="Users")], ANALYTICS),
        ("InvalidProductCodeException", [record()], "nosuchproduct"),
        ("InvalidProductCodeException", [record()], "3dijkforms4requests5saas6"),
        ("InvalidProductCodeException", [record(Dimension="hosts")], "9polderscanner0ami1image2"),
        ("InvalidProductCodeException", [record()], None),
        ("InvalidCustomerIdentifierException", [record(CustomerIdentifier="nobody")], ANALYTICS),
        (
            "InvalidCustomerIdentifierException",
            [record(CustomerIdentifier="gRforms0001")],
            ANALYTICS,
        ),
        ("InvalidCustomerIdentifierException", [record(CustomerIdentifier=None)], ANALYTICS),
        (
            "InvalidCustomerIdentifierException",
            [record(CustomerAWSAccountId="210000000001")],
            ANALYTICS,
        ),
        ("InvalidLicenseException", [record(LicenseArn=VAULT_LICENSE)], ANALYTICS),
        (
            "InvalidLicenseException",
            [
                record(
                    CustomerIdentifier=None,
                    CustomerAWSAccountId="210000000002",
                    LicenseArn=VAULT_LICENSE,
                    Dimension="overage",
                )
            ],
            None,
        ),
        ("ValidationException", [record(QuantityAsDecimal="5")], ANALYTICS),
        (
            "InvalidUsageAllocationsException",
            [record(UsageAllocations=[{"AllocatedUsageQuantity": 4}])],
            ANALYTICS,
        ),
        (
            "InvalidUsageAllocationsException",
            [record(UsageAllocations=[{"AllocatedUsageQuantityAsDecimal": "5"}])],
            ANALYTICS,
        ),
        (
            "InvalidTagException",
            [
                record(
                    UsageAllocations=[
                        {"AllocatedUsageQuantity": 5, "Tags": [{"Key": "a[b", "Value": "c"}]}
                    ]
                )
            ],
            ANALYTICS,
        ),
        (
            "InvalidTagException",
            [
                record(
                    UsageAllocations=[
                        {
                            "AllocatedUsageQuantity": 5,
                            "Tags": [{"Key": str(key), "Value": "c"} for key in range(6)],
                        }
                    ]
                )
            ],
            ANALYTICS,
        ),
    ],
)
def test_a_batch_refused_whole_leaves_nothing(server, code, records, product):
    """A whole-batch refusal has its modelled code, and no record of the batch is kept."""
    with pytest.raises(ClientError) as refused:
        meter(server, *records, product=product)
    kept = server.ask("GET", "/usage-records")["usage_records"]
    assert (refused.value.response["Error"]["Code"], kept) == (code, [])


def test_a_region_that_is_not_enabled(server):
    """A Region the product is not metered in answers DisabledApiException."""
    with pytest.raises(ClientError, match="not metered in ap-south-1") as refused:
        meter(server, record(), region="ap-south-1")
    assert refused.value.response["Error"]["Code"] == "DisabledApiException"


@pytest.mark.parametrize("credentials", [RESOLVER, MOLEN], ids=["user", "session"])
def test_a_caller_without_the_permission(server, credentials):
    """Who has no policy for the action is told so as AWS tells it."""
    with pytest.raises(ClientError) as refused:
        meter(server, record(), credentials=credentials)
    error = refused.value.response["Error"]
    assert error["Code"] == "AccessDeniedException"
    assert error["Message"].endswith(
        "is not authorized to perform: aws-marketplace:BatchMeterUsage because no identity-based "
        "policy allows the aws-marketplace:BatchMeterUsage action"
    )


def test_another_seller_cannot_meter_the_product(server):
    """A product belongs to the account that published it."""
    with pytest.raises(ClientError) as refused:
        meter(server, record(), credentials=DIJK)
    assert refused.value.response["Error"]["Code"] == "InvalidProductCodeException"


def test_a_typed_exception_is_raised(server):
    """Boto3 maps the code to the exception class of its model."""
    client = server.client()
    with pytest.raises(client.exceptions.InvalidUsageDimensionException):
        client.batch_meter_usage(ProductCode=ANALYTICS, UsageRecords=[record(Dimension="x")])


def test_every_refusal_is_explained(server):
    """The operator sees the rule that refused, and what would have passed."""
    with pytest.raises(ClientError):
        meter(server, record(Dimension="Users"))
    call = server.latest_call()
    assert (call["rule"], call["why"]) == (
        "metering.dimension",
        (
            "UsageRecords[0]: product 1poldertab2lytics3legacy4 has no dimension 'Users'; usage is "
            "taken for: gb-scanned, users."
        ),
    )


def test_a_record_that_was_not_accepted_is_explained(server):
    """A 200 with a status other than Success says why in the operator's list of calls."""
    meter(server, record(CustomerIdentifier=None, CustomerAWSAccountId="120000000002"))
    assert server.latest_call()["notes"] == [
        (
            "UsageRecords[0]: CustomerNotSubscribed. Customer 120000000002 has no agreement to "
            "product 1poldertab2lytics3legacy4."
        )
    ]


class TestTurnedClock:
    """Usage is judged by the clock that can be turned."""

    def test_the_month_closes_at_six(self, server):
        """A record of the last hour of a month is refused from 06:00 UTC on the first."""
        last_hour = record(Timestamp=datetime(2026, 3, 31, 23, 0, tzinfo=UTC))
        server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-04-01T06:00:00Z"})
        with pytest.raises(ClientError, match="closed at 06:00 UTC"):
            meter(server, last_hour)

    def test_the_month_is_open_before_six(self, server):
        """The same record is accepted a second before."""
        last_hour = record(Timestamp=datetime(2026, 3, 31, 23, 0, tzinfo=UTC))
        server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-04-01T05:59:59Z"})
        assert statuses(meter(server, last_hour)) == ["Success"]

    def test_replies_show_it(self, server):
        """The Date of a reply is the turned clock's, so that SDKs can correct theirs by it."""
        server.ask("PUT", "/clock", {"mode": "frozen", "now": "2030-01-01T00:00:00Z"})
        answer = meter(server, record(Timestamp=datetime(2029, 12, 31, 23, tzinfo=UTC)))
        date = answer["ResponseMetadata"]["HTTPHeaders"]["date"]
        assert date == "Tue, 01 Jan 2030 00:00:00 GMT"

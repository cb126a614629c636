"""An unmodified boto3 in a buyer's account reports usage with MeterUsage."""

from datetime import timedelta
from uuid import UUID

import pytest
from botocore.exceptions import ClientError
from market_now import NOW
from workload_market import (
    ABROAD,
    AGENT,
    DENIED,
    ENDED,
    FAR_TASK,
    HARBOR,
    INSTANCE_2,
    NOWHERE,
    POD,
    SCANNER,
    STRANGER,
    TASK,
    USER,
    market,
)

from server import POLDER

HOUR = timedelta(hours=1)


@pytest.fixture
def workloads(server):
    """A server with workloads of each platform."""
    server.ask("PUT", "/market", market())
    return server


def meter(server, who=INSTANCE_2, region="us-east-1", **given):
    """Report five scans or hosts; the id of the record. A member given as None is left out."""
    usual = {
        "ProductCode": SCANNER,
        "Timestamp": NOW,
        "UsageDimension": "hosts",
        "UsageQuantity": 5,
    }
    if given.get("ProductCode", SCANNER) != SCANNER:
        usual["UsageDimension"] = "scans"
    sent = {name: value for name, value in (usual | given).items() if value is not None}
    credentials = getattr(who, "credentials", who)
    return server.client(credentials, region=region).meter_usage(**sent)["MeteringRecordId"]


def code(server, *who, **given):
    """The error code that a report is answered with."""
    with pytest.raises(ClientError) as refused:
        meter(server, *who, **given)
    return refused.value.response["Error"]["Code"]


def records(server):
    """What was accepted."""
    return server.ask("GET", "/usage-records")["usage_records"]


def test_what_is_reported_is_read_back(workloads):
    """The account, its agreement, the hour and the resource come from who signs."""
    record_id = meter(workloads)
    [read] = records(workloads)
    shown = NOW.isoformat().replace("+00:00", "Z")
    assert read == {
        "id": record_id,
        "product_code": SCANNER,
        "agreement": "agmt-molenscanner00001",
        "customer_aws_account_id": "210000000001",
        "customer_identifier": None,
        "license_arn": None,
        "dimension": "hosts",
        "timestamp": shown,
        "hour": "2026-05-14T10:00:00Z",
        "quantity": "5",
        "region": "us-east-1",
        "resource": "i-2",
        "received_at": shown,
        "allocations": [],
    }


def test_the_id_is_a_uuid(workloads):
    """Of version 4, in its usual form."""
    record_id = meter(workloads)
    assert (str(UUID(record_id)), UUID(record_id).version) == (record_id, 4)


@pytest.mark.parametrize(
    ("who", "product"),
    [(INSTANCE_2, SCANNER), (TASK, HARBOR), (POD, HARBOR), (AGENT, HARBOR)],
    ids=lambda value: getattr(value, "platform", value),
)
def test_every_platform_may_report(workloads, who, product):
    """Of an AMI or container product."""
    meter(workloads, who, ProductCode=product)
    assert len(records(workloads)) == 1


class TestQuantity:
    """Whole and decimal quantities."""

    @pytest.mark.parametrize(
        ("given", "quantity"),
        [
            ({"UsageQuantity": None}, "0"),
            ({"UsageQuantity": 0}, "0"),
            ({"UsageQuantity": 2147483647}, "2147483647"),
            ({"UsageQuantity": None, "UsageQuantityAsDecimal": "0.0"}, "0"),
            ({"UsageQuantity": None, "UsageQuantityAsDecimal": "17"}, "17"),
            ({"UsageQuantity": None, "UsageQuantityAsDecimal": "17.420"}, "17.42"),
            ({"UsageQuantity": None, "UsageQuantityAsDecimal": "0.000001"}, "0.000001"),
            (
                {"UsageQuantity": None, "UsageQuantityAsDecimal": "9999999999.999999"},
                "9999999999.999999",
            ),
        ],
    )
    def test_a_quantity_is_kept_exactly(self, workloads, given, quantity):
        """None counts as zero."""
        meter(workloads, **given)
        assert records(workloads)[0]["quantity"] == quantity

    @pytest.mark.parametrize(
        "decimal", ["017", "1.", ".5", "1e3", "-1", "+1", " 1", "1.1234567", "10000000000", "1\n"]
    )
    def test_what_is_no_decimal_is_refused(self, workloads, decimal):
        """By the shape's pattern, over the whole string."""
        given = {"UsageQuantity": None, "UsageQuantityAsDecimal": decimal}
        assert code(workloads, **given) == "ValidationException"

    def test_both_quantities_are_refused(self, workloads):
        """Even if they are the same."""
        assert code(workloads, UsageQuantityAsDecimal="5") == "ValidationException"


class TestHour:
    """One record for each hour, dimension and resource."""

    @pytest.mark.parametrize(
        "again",
        [
            {},
            {"Timestamp": NOW.replace(minute=0, second=0, microsecond=0)},
            {"UsageQuantity": None, "UsageQuantityAsDecimal": "5.00"},
            {"UsageAllocations": [{"AllocatedUsageQuantity": 5}]},
        ],
        ids=["as it was", "rounded down", "by value", "allocations"],
    )
    def test_the_same_again_has_the_same_id(self, workloads, again):
        """SDKs send another token each time; the hour and the quantity decide."""
        assert meter(workloads, **again) == meter(workloads)

    def test_another_quantity_is_a_duplicate_request(self, workloads):
        """What was recorded cannot be changed."""
        meter(workloads)
        refused = code(workloads, UsageQuantity=6)
        assert (refused, [each["quantity"] for each in records(workloads)]) == (
            "DuplicateRequestException",
            ["5"],
        )

    @pytest.mark.parametrize(
        "other",
        [{"Timestamp": NOW - HOUR}, {"who": POD}],
        ids=["hour", "resource"],
    )
    def test_another_key_is_another_record(self, workloads, other):
        """Each hour and each resource has its own."""
        meter(workloads)
        meter(workloads, UsageQuantity=6, **other)
        assert sorted(each["quantity"] for each in records(workloads)) == ["5", "6"]


class TestToken:
    """ClientToken."""

    @pytest.mark.parametrize("who", [TASK, AGENT], ids=["ecs", "agentcore"])
    def test_the_same_call_again_has_the_same_id(self, workloads, who):
        """On every platform."""
        ids = {meter(workloads, who, ProductCode=HARBOR, ClientToken="t") for _ in range(2)}
        assert (len(ids), len(records(workloads))) == (1, 1)

    @pytest.mark.parametrize("who", [TASK, AGENT], ids=["ecs", "agentcore"])
    @pytest.mark.parametrize(
        "other",
        [
            {"UsageQuantity": 6},
            {"Timestamp": NOW - HOUR},
            {"Timestamp": NOW - timedelta(microseconds=1)},
        ],
        ids=["quantity", "hour", "instant"],
    )
    def test_another_call_is_an_idempotency_conflict(self, workloads, who, other):
        """On every platform, and before the rule on hours."""
        meter(workloads, who, ProductCode=HARBOR, ClientToken="t")
        given = {"ProductCode": HARBOR, "ClientToken": "t", **other}
        assert code(workloads, who, **given) == "IdempotencyConflictException"

    def test_the_same_quantity_in_the_other_field_is_the_same_call(self, workloads):
        """Quantities are compared by value."""
        first = meter(workloads, ClientToken="t")
        given = {"UsageQuantity": None, "UsageQuantityAsDecimal": "5.0"}
        assert meter(workloads, ClientToken="t", **given) == first

    def test_another_resource_may_not_use_it(self, workloads):
        """Its usage would be lost as the other's."""
        meter(workloads, TASK, ProductCode=HARBOR, ClientToken="t")
        given = {"ProductCode": HARBOR, "ClientToken": "t"}
        assert code(workloads, POD, **given) == "IdempotencyConflictException"

    def test_a_token_is_kept_for_good(self, workloads):
        """A retry an hour later is the same call still."""
        first = meter(workloads, AGENT, ProductCode=HARBOR, ClientToken="t")
        workloads.ask("POST", "/clock/advance", {"seconds": 5 * 3600})
        assert meter(workloads, AGENT, ProductCode=HARBOR, ClientToken="t") == first

    def test_a_token_has_64_characters(self, workloads):
        """As many are taken."""
        meter(workloads, ClientToken="t" * 64)
        assert len(records(workloads)) == 1

    def test_a_token_has_64_characters_at_most(self, workloads):
        """One more is refused by the shape."""
        assert code(workloads, ClientToken="t" * 65) == "ValidationException"


def test_agentcore_reports_many_times_an_hour(workloads):
    """Each call of boto3 has a token of its own; equal timestamps add up."""
    ids = {meter(workloads, AGENT, ProductCode=HARBOR, UsageQuantity=n) for n in (5, 5, 6)}
    assert (len(ids), sorted(each["quantity"] for each in records(workloads))) == (
        3,
        ["5", "5", "6"],
    )


class TestRefused:
    """Modelled errors; nothing is recorded."""

    @pytest.mark.parametrize(
        ("expected", "given"),
        [
            ("InvalidEndpointRegionException", {"region": "eu-west-1"}),
            ("InvalidEndpointRegionException", {"who": FAR_TASK, "ProductCode": HARBOR}),
            ("InvalidProductCodeException", {"ProductCode": "nosuch"}),
            ("InvalidProductCodeException", {"ProductCode": ""}),
            ("InvalidProductCodeException", {"ProductCode": "1poldertab2lytics3legacy4"}),
            ("InvalidUsageDimensionException", {"UsageDimension": "Hosts"}),
            ("InvalidUsageDimensionException", {"UsageDimension": "seats", "ProductCode": ABROAD}),
            ("TimestampOutOfBoundsException", {"Timestamp": NOW + timedelta(microseconds=1)}),
            (
                "TimestampOutOfBoundsException",
                {"Timestamp": NOW - 6 * HOUR - timedelta(microseconds=1)},
            ),
            (
                "TimestampOutOfBoundsException",
                {"ProductCode": ABROAD, "Timestamp": NOW.replace(hour=7, minute=59)},
            ),
            (
                "InvalidUsageAllocationsException",
                {"UsageAllocations": [{"AllocatedUsageQuantity": 4}]},
            ),
            ("InvalidUsageAllocationsException", {"UsageAllocations": [{}]}),
            (
                "InvalidUsageAllocationsException",
                {"UsageAllocations": [{"AllocatedUsageQuantityAsDecimal": "5"}]},
            ),
            (
                "InvalidUsageAllocationsException",
                {
                    "UsageAllocations": [
                        {"AllocatedUsageQuantity": 2, "Tags": [{"Key": "a", "Value": "b"}]},
                        {"AllocatedUsageQuantity": 3, "Tags": [{"Key": "a", "Value": "b"}]},
                    ]
                },
            ),
            (
                "InvalidUsageAllocationsException",
                {
                    "who": AGENT,
                    "ProductCode": HARBOR,
                    "UsageAllocations": [{"AllocatedUsageQuantity": 5}],
                },
            ),
            (
                "InvalidTagException",
                {
                    "UsageAllocations": [
                        {"AllocatedUsageQuantity": 5, "Tags": [{"Key": "a]", "Value": "b"}]}
                    ]
                },
            ),
            (
                "InvalidTagException",
                {
                    "UsageAllocations": [
                        {
                            "AllocatedUsageQuantity": 5,
                            "Tags": [{"Key": "a", "Value": "b"}, {"Key": "a", "Value": "c"}],
                        }
                    ]
                },
            ),
            ("CustomerNotEntitledException", {"who": STRANGER}),
            ("AccessDeniedException", {"who": USER}),
            ("AccessDeniedException", {"who": NOWHERE}),
            ("AccessDeniedException", {"who": POLDER}),
            ("AccessDeniedException", {"who": DENIED}),
        ],
    )
    def test_a_refused_call_leaves_nothing(self, workloads, expected, given):
        """Each has its code, with a real client."""
        assert (code(workloads, **given), records(workloads)) == (expected, [])

    @pytest.mark.parametrize("back", [timedelta(0), 6 * HOUR], ids=["now", "six hours"])
    def test_the_edges_of_the_window_are_taken(self, workloads, back):
        """Both are within."""
        meter(workloads, Timestamp=NOW - back)
        assert len(records(workloads)) == 1

    def test_the_first_hour_of_an_agreement_counts_whole(self, workloads):
        """A timestamp is of its hour, in which the agreement started."""
        meter(workloads, ProductCode=ABROAD, Timestamp=NOW.replace(hour=8, minute=0, second=0))
        assert len(records(workloads)) == 1

    def test_a_refusal_is_explained(self, workloads):
        """The operator sees the rule, the value and what would have passed."""
        code(workloads, UsageDimension="Hosts")
        call = workloads.latest_call()
        assert (call["operation"], call["rule"], call["why"]) == (
            "MeterUsage",
            "metering.dimension",
            f"UsageDimension: product {SCANNER} has no dimension 'Hosts'; usage is taken for: "
            "hosts.",
        )

    def test_long_term_credentials_are_explained(self, workloads):
        """The caller is told what to sign with."""
        with pytest.raises(ClientError, match="signs with a role session"):
            meter(workloads, USER)


class TestEntitlement:
    """Whether the account has an agreement is asked at a resource's first call alone."""

    def test_a_resource_goes_on_after_the_agreement_ended(self, workloads):
        """Its usage falls under the agreement that it began with."""
        meter(workloads, Timestamp=NOW - HOUR)
        workloads.ask("PUT", "/market", ENDED)
        meter(workloads)
        assert [each["agreement"] for each in records(workloads)] == ["agmt-molenscanner00001"] * 2

    def test_another_resource_may_not_begin(self, workloads):
        """It is another first call."""
        meter(workloads, TASK, ProductCode=HARBOR)
        workloads.ask("PUT", "/market", ENDED)
        found = code(workloads, POD, ProductCode=HARBOR)
        assert found == "CustomerNotEntitledException"

    def test_a_refused_call_is_no_first_call(self, workloads):
        """A resource is known once it has had an accepted one."""
        code(workloads, UsageAllocations=[{"AllocatedUsageQuantity": 4}])
        code(workloads, DryRun=True)
        workloads.ask("PUT", "/market", ENDED)
        assert code(workloads) == "CustomerNotEntitledException"


class TestDryRun:
    """DryRun asks whether a call would be carried out."""

    def test_what_would_pass_is_a_dry_run_operation(self, workloads):
        """Status 400, and nothing is recorded."""
        with pytest.raises(ClientError) as refused:
            meter(workloads, DryRun=True)
        response = refused.value.response
        assert (
            response["Error"]["Code"],
            response["ResponseMetadata"]["HTTPStatusCode"],
            records(workloads),
        ) == ("DryRunOperation", 400, [])

    def test_it_uses_up_no_token(self, workloads):
        """The same token is good for the call itself, with any parameters."""
        code(workloads, DryRun=True, ClientToken="t")
        meter(workloads, UsageQuantity=6, ClientToken="t")
        assert records(workloads)[0]["quantity"] == "6"

    @pytest.mark.parametrize(
        ("expected", "given"),
        [
            ("UnauthorizedException", {"who": DENIED}),
            ("InvalidUsageDimensionException", {"UsageDimension": "Hosts"}),
            ("CustomerNotEntitledException", {"who": STRANGER}),
            ("ValidationException", {"UsageQuantityAsDecimal": "5"}),
        ],
    )
    def test_what_would_be_refused_is_refused(self, workloads, expected, given):
        """By its own error, but for a lack of permission."""
        assert code(workloads, DryRun=True, **given) == expected

    def test_false_is_no_dry_run(self, workloads):
        """Old clients always send it."""
        meter(workloads, DryRun=False)
        assert len(records(workloads)) == 1

    def test_without_permission_and_without_dry_run(self, workloads):
        """Access is denied as everywhere else."""
        assert code(workloads, DENIED, DryRun=False) == "AccessDeniedException"


def test_allocations_are_kept(workloads):
    """They are read back with their tags."""
    tags = [{"Key": "team", "Value": "a=b"}]
    meter(
        workloads,
        UsageAllocations=[
            {"AllocatedUsageQuantity": 2, "Tags": tags},
            {"AllocatedUsageQuantity": 3},
        ],
    )
    assert records(workloads)[0]["allocations"] == [
        {"quantity": "2", "tags": {"team": "a=b"}},
        {"quantity": "3", "tags": {}},
    ]


def test_a_typed_exception_is_raised(workloads):
    """Boto3 maps the code to the exception class of its model."""
    client = workloads.client(STRANGER.credentials)
    with pytest.raises(client.exceptions.CustomerNotEntitledException):
        client.meter_usage(ProductCode=SCANNER, Timestamp=NOW, UsageDimension="hosts")

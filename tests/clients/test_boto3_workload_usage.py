"""An unmodified boto3 in a buyer's account reports usage with MeterUsage."""

from datetime import timedelta
from uuid import UUID

import pytest
from market_now import NOW
from workload_calls import code, meter, records
from workload_market import AGENT, HARBOR, INSTANCE_2, POD, SCANNER, STRANGER, TASK

HOUR = timedelta(hours=1)


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

"""An unmodified boto3 in a buyer's account is refused by MeterUsage, or asks for a dry run."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError
from market_now import NOW
from workload_calls import code, meter, records
from workload_market import (
    ABROAD,
    AGENT,
    DENIED,
    ENDED,
    FAR_TASK,
    HARBOR,
    NOWHERE,
    POD,
    SCANNER,
    STRANGER,
    TASK,
    USER,
)

from server import POLDER

HOUR = timedelta(hours=1)


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

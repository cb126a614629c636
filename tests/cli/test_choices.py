import pytest
from msgspec.structs import asdict

from waag.config import (
    Choices,
    SettingRefused,
    choice_names,
    read_aws_endpoint,
    read_choices,
    read_webhook,
)
from waag.domain.agreement_events import FinalWindow, Renewal
from waag.domain.attribution.choices import (
    AllocationMonths,
    SandboxLookUps,
    ShareAllocationStart,
)
from waag.domain.entitlement import (
    EmptyEntitlements,
    EntitlementChoices,
    ExpiredEntitlements,
)
from waag.domain.metering import (
    BatchWindow,
    BothCustomerIdentifiers,
    IdenticalResend,
    MeteringChoices,
    MeterUsageWindow,
    ProductCodeWithLicense,
    UnknownCustomer,
)
from waag.domain.registration import RegistrationChoices, TokenUse
from waag.wire.faults import WireChoices


def test_without_assignments_every_choice_has_its_default():
    """Nothing has to be chosen."""
    assert read_choices([]) == Choices()


@pytest.mark.parametrize(
    ("assignment", "name", "value"),
    [
        ("batch-window=hour-aligned", "batch_window", BatchWindow.HOUR_ALIGNED),
        ("meter-usage-window=hour-aligned", "meter_usage_window", MeterUsageWindow.HOUR_ALIGNED),
        ("unknown-customer=status", "unknown_customer", UnknownCustomer.STATUS),
        (
            "identical-resend=duplicate-record",
            "identical_resend",
            IdenticalResend.DUPLICATE_RECORD,
        ),
        (
            "product-code-with-license=accept",
            "product_code_with_license",
            ProductCodeWithLicense.ACCEPT,
        ),
        (
            "both-customer-identifiers=accept",
            "both_customer_identifiers",
            BothCustomerIdentifiers.ACCEPT,
        ),
        ("future-tolerance-seconds=300", "future_tolerance_seconds", 300),
        ("authentication-status=403", "authentication_status", 403),
        ("expired-entitlements=listed", "expired_entitlements", ExpiredEntitlements.LISTED),
        ("empty-entitlements=omitted", "empty_entitlements", EmptyEntitlements.OMITTED),
        ("token-lifetime-seconds=60", "token_lifetime_seconds", 60),
        ("token-use=single", "token_use", TokenUse.SINGLE),
        ("final-window=ended", "final_window", FinalWindow.ENDED),
        ("renewal=same-agreement", "renewal", Renewal.SAME_AGREEMENT),
        ("agreement-created-seconds=0", "agreement_created_seconds", 0),
        ("license-updated-seconds=0", "license_updated_seconds", 0),
        ("license-deprovisioned-seconds=0", "license_deprovisioned_seconds", 0),
        ("client-token-seconds=60", "client_token_seconds", 60),
        ("attributions-max=3", "attributions_max", 3),
        ("attribution-tags-max=3", "attribution_tags_max", 3),
        ("sandbox-look-ups=none", "sandbox_look_ups", SandboxLookUps.NONE),
        (
            "share-allocation-start=any-month",
            "share_allocation_start",
            ShareAllocationStart.ANY_MONTH,
        ),
        ("allocation-months=one", "allocation_months", AllocationMonths.ONE),
        ("allocation-task-seconds=5", "allocation_task_seconds", 5),
    ],
)
def test_an_assignment_sets_its_choice_alone(assignment, name, value):
    """The one that is named has its value, all others their defaults."""
    chosen, defaults = {}, {}
    for group in asdict(read_choices([assignment])).values():
        chosen |= asdict(group)
        defaults |= asdict(type(group)())
    assert chosen == defaults | {name: value}


def test_several_assignments_all_count():
    """Choices of several features are given side by side."""
    assert read_choices(
        [
            "unknown-customer=status",
            "authentication-status=403",
            "token-use=single",
            "empty-entitlements=omitted",
        ]
    ) == Choices(
        MeteringChoices(unknown_customer=UnknownCustomer.STATUS),
        WireChoices(authentication_status=403),
        RegistrationChoices(token_use=TokenUse.SINGLE),
        EntitlementChoices(empty_entitlements=EmptyEntitlements.OMITTED),
    )


def test_the_last_assignment_of_a_choice_counts():
    """What is said later overrules."""
    chosen = read_choices(["batch-window=hour-aligned", "batch-window=exact"])
    assert chosen.metering.batch_window is BatchWindow.EXACT


def test_names_are_written_with_hyphens():
    """As options are."""
    assert choice_names() == (
        "batch-window",
        "meter-usage-window",
        "unknown-customer",
        "identical-resend",
        "product-code-with-license",
        "both-customer-identifiers",
        "future-tolerance-seconds",
        "authentication-status",
        "data-set-refusal-status",
        "token-lifetime-seconds",
        "token-use",
        "expired-entitlements",
        "empty-entitlements",
        "final-window",
        "renewal",
        "agreement-created-seconds",
        "license-updated-seconds",
        "license-deprovisioned-seconds",
        "acceptor-events",
        "data-set-available",
        "data-set-file-date",
        "support-file-name",
        "throttling",
        "client-token-seconds",
        "attributions-max",
        "attribution-tags-max",
        "sandbox-look-ups",
        "share-allocation-start",
        "allocation-months",
        "allocation-task-seconds",
    )


def test_a_refusal_has_its_rule():
    """A setting that does not exist is refused as one."""
    with pytest.raises(SettingRefused) as refused:
        read_choices(["tulips=1"])
    assert refused.value.rule == "setting"


@pytest.mark.parametrize(
    "url", ["localhost:9099", "ftp://127.0.0.1/events", "http://", "/events", ""]
)
def test_an_address_that_events_cannot_go_to(url):
    """The refusal shows one they can."""
    with pytest.raises(SettingRefused) as refused:
        read_webhook(url)
    assert refused.value.why == (
        f"--events-webhook {url}: expected a URL such as http://127.0.0.1:9099/events."
    )


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:9099/events", "https://example.com"])
def test_an_address_that_events_can_go_to(url):
    """Of http or https; or none."""
    assert read_webhook(url) == url


@pytest.mark.parametrize("option", ["--aws-endpoint", "--events-aws-endpoint"])
@pytest.mark.parametrize(
    "url", ["", "AWS", "sns.us-east-1.amazonaws.com", "ftp://localhost", "http://"]
)
def test_an_endpoint_that_is_none(option, url):
    """The refusal shows one, and the word for AWS's own."""
    with pytest.raises(SettingRefused) as refused:
        read_aws_endpoint(option, url)
    assert refused.value.why == (
        f"{option} {url}: expected a URL such as http://127.0.0.1:4566, or aws for "
        "AWS's own endpoints."
    )


@pytest.mark.parametrize("url", [None, "aws", "http://127.0.0.1:4566", "https://localhost:4566/"])
def test_an_endpoint(url):
    """Is taken as it is given."""
    assert read_aws_endpoint("--aws-endpoint", url) == url

"""Workloads: whose credentials they are, whether they are entitled, which agreement they use."""

import pytest

from builders import BUYER, NOW, agreement, at, product, refusal_of
from waag.domain.refusals import CustomerNotEntitled, TimestampOutOfBounds
from waag.domain.workloads import Workload, agreement_at, check_entitled, workload_of

SCANNER = product(code="scanner")
INSTANCE = Workload(BUYER, "ec2", "us-east-1", "i-1")


@pytest.mark.parametrize(
    ("session", "platform", "region", "expected"),
    [
        ("i-1", "ec2", "us-east-1", INSTANCE),
        (
            None,
            "ec2",
            "us-east-1",
            "These are long-term credentials; a metered workload signs with a role session (of an "
            "EC2 instance, ECS task, EKS pod or AgentCore Runtime).",
        ),
        (
            "s-1",
            None,
            "us-east-1",
            "The market file gives the role session s-1 of account 210000000001 no platform; a "
            "metered workload has a platform and a region.",
        ),
        (
            "s-1",
            "ecs",
            None,
            "The market file gives the role session s-1 of account 210000000001 no region; a "
            "metered workload has a platform and a region.",
        ),
    ],
    ids=["session", "long-term", "no platform", "no region"],
)
def test_a_workload_is_told_by_its_credentials(session, platform, region, expected):
    """A session that runs somewhere is one; all else is told why it is none."""
    assert workload_of(BUYER, session, platform, region) == expected


@pytest.mark.parametrize(
    ("platform", "expected"), [("ec2", True), ("ecs", True), ("eks", True), ("agentcore", False)]
)
def test_only_agentcore_is_not_counted_by_the_hour(platform, expected):
    """There each token is a record."""
    assert Workload(BUYER, platform, "us-east-1", "s").counts_by_hour is expected


ENDED = agreement(id="agmt-1", ends=at("2026-05-14T09:10:00"))
LATER = agreement(number=2, id="agmt-2", starts=at("2026-05-14T10:15:00"))
TO_COME = agreement(number=3, id="agmt-3", starts=at("2026-06-01T00:00:00"))


@pytest.mark.parametrize(
    ("agreements", "why"),
    [
        ([agreement()], None),
        ([ENDED, LATER], None),
        ([agreement(ends=NOW + 1)], None),
        ([agreement(starts=NOW)], None),
        ([], "Account 210000000001 has no agreement to product scanner."),
        (
            [agreement(ends=NOW)],
            "Account 210000000001's agreement agmt-1 to product scanner ended at "
            "2026-05-14T10:20:30Z; it is 2026-05-14T10:20:30Z, and i-1 was not metered before.",
        ),
        (
            [ENDED, TO_COME],
            "Account 210000000001's agreement agmt-3 to product scanner starts only at "
            "2026-06-01T00:00:00Z; it is 2026-05-14T10:20:30Z, and i-1 was not metered before.",
        ),
    ],
    ids=["in force", "a later one", "to end", "just begun", "none", "just ended", "to come"],
)
def test_a_first_call_needs_an_agreement_in_force(agreements, why):
    """From its start until just before its end, without a final window."""
    expected = None if why is None else (CustomerNotEntitled, why)
    assert refusal_of(check_entitled, INSTANCE, agreements, SCANNER, NOW) == expected


@pytest.mark.parametrize(
    ("timestamp", "agreements", "entitled_before", "expected"),
    [
        ("2026-05-14T10:20:30", [agreement()], False, "agmt-1"),
        ("2026-05-14T09:00:00", [ENDED, LATER], False, "agmt-1"),
        ("2026-05-14T09:00:00", [LATER, ENDED], False, "agmt-1"),
        ("2026-05-14T10:15:00", [ENDED, LATER], False, "agmt-2"),
        ("2026-05-14T10:00:00", [ENDED, LATER], False, "agmt-2"),
        ("2026-05-14T09:30:00", [ENDED, LATER], True, "agmt-1"),
        ("2026-05-14T10:20:30", [ENDED], True, "agmt-1"),
        ("2026-05-14T10:20:30", [ENDED, TO_COME], True, "agmt-1"),
    ],
)
def test_usage_falls_under_the_latest_agreement_begun(
    timestamp, agreements, entitled_before, expected
):
    """An agreement begins with its first hour; a known workload stays with one that has ended."""
    found = agreement_at(at(timestamp), agreements, entitled_before=entitled_before)
    assert found.id == expected


@pytest.mark.parametrize(
    ("timestamp", "agreements", "why"),
    [
        (
            "2026-05-14T09:59:59.999999",
            [LATER],
            "2026-05-14T09:59:59.999999Z is before the software was subscribed to: agreement "
            "agmt-2 starts at 2026-05-14T10:15:00Z.",
        ),
        (
            "2026-05-14T09:10:00",
            [ENDED, LATER],
            "2026-05-14T09:10:00Z is after agreement agmt-1 had ended, at 2026-05-14T09:10:00Z, "
            "and before the next one starts.",
        ),
    ],
    ids=["before the first", "between two"],
)
def test_usage_while_no_agreement_was_in_force_is_out_of_bounds(timestamp, agreements, why):
    """A workload that was not metered before reports nothing of a time without an agreement."""
    found = refusal_of(agreement_at, at(timestamp), agreements, entitled_before=False)
    assert found == (TimestampOutOfBounds, why)

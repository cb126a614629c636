"""Software that runs in a buyer's account, and what it may report there as that account.

A workload is told by the credentials it signs with: an EC2 instance, an ECS task, an EKS pod or an
AgentCore Runtime session has a session of its role, and the session's name is the resource that
usage is counted by.

Source: meteringmarketplace/2016-01-14, MeterUsage and RegisterUsage. Where these are silent, the
choices are listed in docs/compatibility.md.
"""

from collections.abc import Sequence

import msgspec

from waag.domain.instants import HOUR, Instant, format_instant
from waag.domain.market import Agreement, Product
from waag.domain.refusals import CustomerNotEntitled, TimestampOutOfBounds

AGENTCORE = "agentcore"
"""Where usage is not counted by the hour."""

CONTAINER_PLATFORMS = ("ecs", "eks")
"""Where a container can be registered. Fargate is a way that both run tasks and pods."""


class Workload(msgspec.Struct, frozen=True):
    """Software that runs in an account.

    Attributes:
        account_id: the buyer's.
        session: the name of its role session: the EC2 instance, ECS task or EKS pod.
        region: the Region it runs in.
    """

    account_id: str
    platform: str
    region: str
    session: str

    @property
    def counts_by_hour(self) -> bool:
        """Whether there is one record for each hour; else each ClientToken is one."""
        return self.platform != AGENTCORE

    def __str__(self) -> str:
        """How messages name it."""
        return f"{self.platform} workload {self.session} of account {self.account_id}"


def workload_of(
    account_id: str, session: str | None, platform: str | None, region: str | None
) -> Workload | str:
    """The workload that credentials are of; or why they are of none.

    Args:
        account_id: whose credentials they are.
        session: the name of the role session; None for a long-term access key.
        platform: what the software runs on, as the market file says.
        region: where it runs, as the market file says.
    """
    if session is None:
        return (
            "These are long-term credentials; a metered workload signs with a role session (of an "
            "EC2 instance, ECS task, EKS pod or AgentCore Runtime)."
        )
    if platform is None or region is None:
        missing = "platform" if platform is None else "region"
        return (
            f"The market file gives the role session {session} of account {account_id} no "
            f"{missing}; a metered workload has a platform and a region."
        )
    return Workload(account_id, platform, region, session)


def check_entitled(
    workload: Workload, agreements: Sequence[Agreement], product: Product, now: Instant
) -> None:
    """A workload's first call is refused unless an agreement of its account is in force.

    Args:
        workload: who calls.
        agreements: all of its account to the product, past ones too.
        product: what it calls for.
        now: when.

    Raises:
        CustomerNotEntitled: none of them is in force.
    """
    if any(agreement.covers(now) for agreement in agreements):
        return
    customer = f"Account {workload.account_id}"
    if not agreements:
        raise CustomerNotEntitled(f"{customer} has no agreement to product {product.code}.")
    latest = max(agreements, key=lambda agreement: agreement.starts)
    if latest.starts > now:
        why = f"starts only at {format_instant(latest.starts)}"
    else:
        why = f"ended at {format_instant(latest.ends or now)}"
    raise CustomerNotEntitled(
        f"{customer}'s agreement {latest.id} to product {product.code} {why}; it is "
        f"{format_instant(now)}, and {workload.session} was not metered before."
    )


def agreement_at(
    timestamp: Instant, agreements: Sequence[Agreement], *, entitled_before: bool
) -> Agreement:
    """The agreement that usage of an instant falls under: of those begun by then, the latest.

    An agreement begins with the hour it starts in, since a timestamp counts as its whole hour.

    Args:
        timestamp: of the usage.
        agreements: all of the workload's account to the product, past ones too; at least one.
        entitled_before: the workload may go on under an agreement that has ended.

    Raises:
        TimestampOutOfBounds: before the first of them, or while none was in force.
    """
    begun = [each for each in agreements if each.starts - each.starts % HOUR <= timestamp]
    if not begun:
        first = min(agreements, key=lambda agreement: agreement.starts)
        raise TimestampOutOfBounds(
            f"{format_instant(timestamp)} is before the software was subscribed to: agreement "
            f"{first.id} starts at {format_instant(first.starts)}."
        )
    latest = max(begun, key=lambda agreement: agreement.starts)
    if entitled_before or latest.ends is None or timestamp < latest.ends:
        return latest
    raise TimestampOutOfBounds(
        f"{format_instant(timestamp)} is after agreement {latest.id} had ended, at "
        f"{format_instant(latest.ends)}, and before the next one starts."
    )

"""Faults that an operator plans for calls to come: which call each strikes, as pure rules.

A fault waits for calls of an operation, perhaps of one account only, strikes every so manieth of
them, and is used up once it has struck as often as was asked for. What striking means to the caller
is the protocols' concern (`waag.wire`).
"""

from collections.abc import Collection, Sequence
from enum import Enum

import msgspec

from waag.domain.refusals import Refusal

ANY_OPERATION = "*"
"""Stands for every operation."""

PROCESSES_RECORDS = "BatchMeterUsage"
"""The one operation that can hand records back unprocessed. Source: UnprocessedRecords."""

COUNT_MAX = 1_000_000_000
FAULTS_MAX = 100
"""How many faults may be planned at a time: each call is compared with all of them."""

RECORDS_MAX = 25
"""As many as a batch can hold. Source: UsageRecordList."""

SECONDS_MAX = 60.0
"""The longest delay: SDKs give up a call after about as long."""

_ACCOUNT_DIGITS = 12


class FaultRefused(Refusal):
    """A fault that cannot be planned as it was asked for."""

    rule = "fault.plan"


class FaultEffect(Enum):
    """What happens to a call that is struck."""

    THROTTLE = "throttle"
    """ThrottlingException."""
    INTERNAL_ERROR = "internal_error"
    """The service's internal error."""
    UNPROCESSED = "unprocessed"
    """Records of the batch are handed back in UnprocessedRecords, and not recorded."""
    DELAY = "delay"
    """The call is carried out later."""
    DISCONNECT = "disconnect"
    """The connection is closed without a reply."""
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - an effect's name
    """The credentials are refused as expired."""


class FaultPlan(msgspec.Struct, frozen=True):
    """What is asked for.

    Attributes:
        operation: its name, or ANY_OPERATION.
        account: twelve digits; None for every account.
        count: how many calls it strikes.
        every: of the calls it waits for, it strikes one in so many: 1 strikes each.
        records: how many at the end of a batch are handed back unprocessed; None for all.
        seconds: how long a call is delayed.
        after_commit: whether the connection is closed only when the call was carried out.
    """

    operation: str
    effect: FaultEffect
    account: str | None = None
    count: int = 1
    every: int = 1
    records: int | None = None
    seconds: float | None = None
    after_commit: bool = False

    def waits_for(self, operation: str, account_id: str) -> bool:
        """Whether a call is one of those it counts."""
        return self.operation in (ANY_OPERATION, operation) and self.account in (None, account_id)


class PlannedFault(msgspec.Struct, frozen=True):
    """A fault that is planned, and how far it has got.

    Attributes:
        matched: how many calls it has waited for and met.
        struck: how many of these it has struck.
    """

    id: str
    plan: FaultPlan
    matched: int = 0
    struck: int = 0

    @property
    def rule(self) -> str:
        """Under which its strikes are recorded."""
        return f"fault.{self.plan.effect.value}"

    @property
    def why(self) -> str:
        """What the operator is told of a call that it has just struck."""
        return f"The planned fault {self.id} struck this call, {self.struck} of {self.plan.count}."


def check_plan(plan: FaultPlan, operations: Collection[str]) -> None:
    """Refuse what means nothing, or what would never strike.

    Args:
        plan: what is asked for.
        operations: the names of all there are.

    Raises:
        FaultRefused: and its sentence names the member.
    """
    if plan.operation != ANY_OPERATION and plan.operation not in operations:
        raise FaultRefused(
            f"operation is {plan.operation!r}; expected {ANY_OPERATION} or one of "
            f"{', '.join(sorted(operations))}."
        )
    if plan.account is not None and not _is_account_id(plan.account):
        raise FaultRefused(f"account is {plan.account!r}; expected twelve digits.")
    _check_number("count", plan.count, COUNT_MAX)
    _check_number("every", plan.every, COUNT_MAX)
    _check_effect(plan)


def _check_effect(plan: FaultPlan) -> None:
    """Each effect has members of its own, which mean nothing to the others."""
    effect = plan.effect
    if effect is FaultEffect.UNPROCESSED and plan.operation != PROCESSES_RECORDS:
        raise FaultRefused(
            f"operation is {plan.operation!r}; only {PROCESSES_RECORDS} hands records back "
            "unprocessed."
        )
    if plan.records is not None:
        if effect is not FaultEffect.UNPROCESSED:
            raise FaultRefused(f"records goes with the effect unprocessed, not {effect.value}.")
        _check_number("records", plan.records, RECORDS_MAX)
    if plan.seconds is not None and effect is not FaultEffect.DELAY:
        raise FaultRefused(f"seconds goes with the effect delay, not {effect.value}.")
    if effect is FaultEffect.DELAY and not 0 < (plan.seconds or 0) <= SECONDS_MAX:
        raise FaultRefused(
            f"seconds is {plan.seconds}; a delay takes more than 0 and at most {SECONDS_MAX:g}."
        )
    if plan.after_commit and effect is not FaultEffect.DISCONNECT:
        raise FaultRefused(f"`after` goes with the effect disconnect, not {effect.value}.")


def _check_number(name: str, number: int, number_max: int) -> None:
    if not 1 <= number <= number_max:
        raise FaultRefused(f"{name} is {number}; expected a number from 1 to {number_max}.")


def _is_account_id(text: str) -> bool:
    return len(text) == _ACCOUNT_DIGITS and text.isascii() and text.isdigit()


def strike(
    faults: Sequence[PlannedFault], operation: str, account_id: str
) -> tuple[tuple[PlannedFault, ...], PlannedFault | None]:
    """Which fault strikes a call, and how matters stand afterwards.

    A call is struck by one fault at most: the first, in the order they were planned, whose turn it
    is. Those behind it do not count the call.

    Returns:
        The faults that are not used up, and the one that struck, as it then stands.
    """
    after: list[PlannedFault] = []
    for index, fault in enumerate(faults):
        if not fault.plan.waits_for(operation, account_id):
            after.append(fault)
            continue
        met = msgspec.structs.replace(fault, matched=fault.matched + 1)
        if met.matched % met.plan.every:
            after.append(met)
            continue
        struck = msgspec.structs.replace(met, struck=met.struck + 1)
        if struck.struck < struck.plan.count:
            after.append(struck)
        return (*after, *faults[index + 1 :]), struck
    return tuple(after), None

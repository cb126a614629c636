"""What the admin API takes and gives, as JSON shapes.

Instants are ISO 8601 with Z, quantities decimal strings; these outlive releases.
"""

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from waag.domain.calls import CallRecord
from waag.domain.instants import HOUR, format_instant
from waag.domain.market import Account, Principal
from waag.domain.quantities import to_decimal
from waag.domain.usage import RecordedUsage
from waag.domain.usage_warnings import UsageWarning

Effect: TypeAlias = Literal[
    "throttle", "internal_error", "unprocessed", "delay", "disconnect", "expired_token"
]


class ClockBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to set the clock; what is left out stays as it is."""

    mode: Literal["running", "frozen"] | None = None
    now: str | None = None


class ClockAnswer(msgspec.Struct, frozen=True):
    """What the clock shows, and how it moves."""

    mode: Literal["running", "frozen"]
    now: str


class AdvanceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far to advance the clock; one of the two."""

    seconds: Annotated[float, Meta(ge=0, le=1e12)] | None = None
    to: str | None = None


class AllocationAnswer(msgspec.Struct, frozen=True):
    """A part of a record's quantity, and the tags it stands under."""

    quantity: str
    tags: dict[str, str]


class UsageRecordAnswer(msgspec.Struct, frozen=True):
    """An accepted usage record.

    Attributes:
        hour: the start of the hour it counts for.
        resource: the workload that reported it (with its token, where each counts by itself);
            null for what a seller reported.
    """

    id: str
    product_code: str
    agreement: str
    customer_aws_account_id: str
    customer_identifier: str | None
    license_arn: str | None
    dimension: str
    timestamp: str
    hour: str
    quantity: str
    region: str
    resource: str | None
    received_at: str
    allocations: tuple[AllocationAnswer, ...]


class UsageRecordsAnswer(msgspec.Struct, frozen=True):
    """One page of usage records; `next_cursor` is null on the last."""

    usage_records: tuple[UsageRecordAnswer, ...]
    next_cursor: str | None


class UsageWarningAnswer(msgspec.Struct, frozen=True):
    """A suspicion about accepted records: what was found, why it matters, and their ids.

    Or usage that was not recorded, without an id.
    """

    kind: Literal[
        "double-billing",
        "two-regions",
        "early-zero",
        "before-agreement",
        "local-time",
        "not-recorded",
    ]
    what: str
    why: str
    product_code: str
    customer_aws_account_id: str
    records: tuple[str, ...]


class UsageWarningsAnswer(msgspec.Struct, frozen=True):
    """Warnings in key order of the records, lost usage last; `more` if there are others."""

    usage_warnings: tuple[UsageWarningAnswer, ...]
    more: bool


class CallAnswer(msgspec.Struct, frozen=True):
    """An API call as it ended; `rule` and `why` are empty unless it was refused or struck.

    `status` is 0 where the connection was closed without a reply.
    """

    time: str
    request_id: str
    service: str
    operation: str
    caller: str
    region: str
    status: int
    outcome: str
    rule: str
    why: str
    notes: tuple[str, ...]
    microseconds: int


class CallsAnswer(msgspec.Struct, frozen=True):
    """The latest calls, newest first."""

    calls: tuple[CallAnswer, ...]


class FaultBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fault to plan; `account` null is any, `records` null all; `when` is of the commit."""

    operation: str
    effect: Effect
    account: str | None = None
    count: int = 1
    every: int = 1
    records: int | None = None
    seconds: float | None = None
    when: Literal["before", "after"] | None = None


class FaultAnswer(msgspec.Struct, frozen=True):
    """A planned fault; it has met `matched` calls it waits for and struck `struck` of them."""

    id: str
    operation: str
    effect: Effect
    account: str | None
    count: int
    every: int
    records: int | None
    seconds: float | None
    when: Literal["before", "after"] | None
    matched: int
    struck: int


class FaultsAnswer(msgspec.Struct, frozen=True):
    """Planned faults, in the order they were planned."""

    faults: tuple[FaultAnswer, ...]


class MarketChangeAnswer(msgspec.Struct, frozen=True):
    """How many entries of a market file were new, different, or as before."""

    added: int
    changed: int
    unchanged: int


class CredentialsAnswer(msgspec.Struct, frozen=True):
    """What somebody of an account signs with."""

    principal: str
    arn: str
    access_key_id: str
    secret_access_key: str
    session_token: str | None


class AccountCredentialsAnswer(msgspec.Struct, frozen=True):
    """Everybody who signs for an account."""

    account: str
    credentials: tuple[CredentialsAnswer, ...]


class TokenBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which agreement a registration token is issued."""

    agreement: str


class TokenAnswer(msgspec.Struct, frozen=True):
    """A registration token, and the first instant at which it is no longer taken."""

    token: str
    expires: str


class HealthAnswer(msgspec.Struct, frozen=True):
    """That the server answers, and which one it is."""

    status: Literal["ok"]
    version: str


class MistakeAnswer(msgspec.Struct, frozen=True):
    """A mistake in a market file."""

    file: str
    line: int
    path: str
    expected: str


class ErrorAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a call was refused: the rule, and a sentence."""

    rule: str
    message: str
    mistakes: tuple[MistakeAnswer, ...] = ()


class ErrorBody(msgspec.Struct, frozen=True):
    """The body of every refusal."""

    error: ErrorAnswer


def to_answer_usage_record(record: RecordedUsage) -> UsageRecordAnswer:
    """One record as the admin API shows it."""
    return UsageRecordAnswer(
        record.id,
        record.product_code,
        record.agreement,
        record.customer_aws_account_id,
        record.customer_identifier,
        record.license_arn,
        record.dimension,
        format_instant(record.timestamp),
        format_instant(record.timestamp - record.timestamp % HOUR),
        to_decimal(record.quantity),
        record.region,
        record.key[-1] or None,
        format_instant(record.received_at),
        tuple(
            AllocationAnswer(to_decimal(each.quantity), dict(each.tags))
            for each in record.allocations
        ),
    )


def to_answer_usage_warning(warning: UsageWarning) -> UsageWarningAnswer:
    """One warning as the admin API shows it."""
    return UsageWarningAnswer(
        warning.kind.value,
        warning.what,
        warning.kind.why,
        warning.product_code,
        warning.customer_aws_account_id,
        warning.records,
    )


def to_answer_call(call: CallRecord) -> CallAnswer:
    """One call as the admin API shows it."""
    shown: dict[str, Any] = msgspec.structs.asdict(call) | {"time": format_instant(call.time)}
    del shown["ended"]
    return CallAnswer(**shown)


def to_answer_credentials(account: Account) -> AccountCredentialsAnswer:
    """Everybody who signs for an account."""
    return AccountCredentialsAnswer(account.id, tuple(map(_credentials, account.principals)))


def _credentials(principal: Principal) -> CredentialsAnswer:
    return CredentialsAnswer(
        principal.name,
        principal.arn,
        principal.access_key_id,
        principal.secret_access_key,
        principal.session_token,
    )

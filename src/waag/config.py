"""The settings of a server: parsed once, frozen, handed down; nothing below reads them elsewhere.

A *choice* is a setting for a place where AWS's sources contradict each other; each has a row in
docs/compatibility.md and is set by `--set NAME=VALUE`.
"""

from collections.abc import Sequence
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, get_args, get_origin
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import FieldInfo

from waag.domain.agreement_events import AgreementChoices
from waag.domain.analytics.choices import AnalyticsChoices
from waag.domain.attribution.choices import AttributionChoices
from waag.domain.entitlement import EntitlementChoices
from waag.domain.events import SOURCE
from waag.domain.metering import MeteringChoices
from waag.domain.refusals import Refusal
from waag.domain.registration import RegistrationChoices
from waag.domain.throttling import ThrottlingChoices
from waag.wire.faults import WireChoices

ClockKind = Literal["settable", "real"]

AWS_ITSELF = "aws"
"""In place of an endpoint's URL: those that AWS has in the Region."""


class SettingRefused(Refusal):
    """A setting that does not exist, or a value it cannot have."""

    rule = "setting"


class Choices(msgspec.Struct, frozen=True):
    """Which reading is taken where AWS's sources contradict each other, feature by feature."""

    metering: MeteringChoices = MeteringChoices()
    wire: WireChoices = WireChoices()
    registration: RegistrationChoices = RegistrationChoices()
    entitlement: EntitlementChoices = EntitlementChoices()
    agreements: AgreementChoices = AgreementChoices()
    analytics: AnalyticsChoices = AnalyticsChoices()
    throttling: ThrottlingChoices = ThrottlingChoices()
    attribution: AttributionChoices = AttributionChoices()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a server is started with.

    Attributes:
        port: 0 takes a free one.
        data: the data directory.
        market_file: loaded into an empty data directory; None loads the demo market.
        operator_token: None takes the one kept in the data directory.
        log_calls: write a line of JSON to standard error for each API call.
        fronts: processes that take requests, beside the one that keeps the ledger; with 0 that one
            takes them, too.
        events_webhook: a URL that events are POSTed to.
        events_aws_endpoint: where SNS and EventBridge are that events are handed to: a URL, or
            AWS_ITSELF. With neither of the two, events are kept as they fall due.
        events_aws_source: of events handed to EventBridge.
        storefront: whether there are pages for a customer's browser.
        storefront_hosts: names that browsers may know the server by, beside those of its own.
        aws_endpoint: where STS, S3, SNS and IAM are that data sets are delivered to: a URL, or
            AWS_ITSELF.
    """

    host: str = "127.0.0.1"
    port: int = 8686
    data: Path = Path("waag-data")
    market_file: Path | None = None
    clock: ClockKind = "settable"
    operator_token: str | None = None
    log_calls: bool = False
    fronts: int = 0
    storefront: bool = True
    storefront_hosts: tuple[str, ...] = ()
    events_webhook: str | None = None
    events_aws_endpoint: str | None = None
    events_aws_source: str = SOURCE
    aws_endpoint: str | None = None
    choices: Choices = Choices()


def settings_to_json(settings: Settings) -> str:
    """What another process of the same server is started with; what is secret stays here."""
    kept = msgspec.structs.replace(
        settings,
        operator_token=None,
        events_webhook=None,
        events_aws_endpoint=None,
        aws_endpoint=None,
    )
    return msgspec.json.encode(kept, enc_hook=str).decode()


def settings_from_json(text: str) -> Settings:
    """What `settings_to_json` wrote."""
    return msgspec.json.decode(text, type=Settings, dec_hook=lambda path, value: path(value))


def read_webhook(url: str | None) -> str | None:
    """The address that events are delivered to.

    Raises:
        SettingRefused: not one of http or https.
    """
    if url is not None and not _is_http(url):
        raise SettingRefused(
            f"--events-webhook {url}: expected a URL such as http://127.0.0.1:9099/events."
        )
    return url


def read_aws_endpoint(option: str, url: str | None) -> str | None:
    """Where services of AWS's are: events' SNS and EventBridge, or data sets' STS, S3, SNS, IAM.

    Raises:
        SettingRefused: neither an address of http or https nor AWS_ITSELF.
    """
    if url is not None and url != AWS_ITSELF and not _is_http(url):
        raise SettingRefused(
            f"{option} {url}: expected a URL such as http://127.0.0.1:4566, or {AWS_ITSELF} for "
            "AWS's own endpoints."
        )
    return url


def _is_http(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def read_storefront(given: bool | None, clock: ClockKind, host: str) -> bool:  # noqa: FBT001
    """Whether there is a storefront; docs/decisions/0016 says why.

    Args:
        given: None for whichever is usual.
        clock: a real one goes with no storefront.
        host: what the server listens on.

    Raises:
        SettingRefused: one is asked for beside a real clock.
    """
    if given and clock == "real":
        raise SettingRefused(
            "--storefront: with --clock real agreements are real, too, and the storefront asks "
            "nobody who they are; `waag agreement` subscribes buyers there."
        )
    return clock == "settable" and _is_loopback(host) if given is None else given


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"


def choice_names() -> tuple[str, ...]:
    """Every name that `--set` takes."""
    return tuple(_fields())


def read_choices(assignments: Sequence[str]) -> Choices:
    """Read `NAME=VALUE` texts; what is not named keeps its default.

    Raises:
        SettingRefused: no such name, or not one of its values.
    """
    fields = _fields()
    given: dict[str, object] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or name not in fields:
            raise SettingRefused(
                f"--set {assignment}: expected NAME=VALUE with a NAME of {', '.join(fields)}."
            )
        field = fields[name]
        try:
            given[field.name] = msgspec.convert(value, field.type, strict=False)
        except msgspec.ValidationError as error:
            raise SettingRefused(f"--set {assignment}: expected {_values_of(field)}.") from error
    return Choices(
        *(msgspec.convert(given, group.type) for group in msgspec.structs.fields(Choices))
    )


def _fields() -> dict[str, FieldInfo]:
    return {
        field.name.replace("_", "-"): field
        for group in msgspec.structs.fields(Choices)
        for field in msgspec.structs.fields(group.type)
    }


def _values_of(field: FieldInfo) -> str:
    field_type = field.type
    if isinstance(field_type, type) and issubclass(field_type, Enum):
        return "one of " + ", ".join(each.value for each in field_type)
    if get_origin(field_type) is Literal:
        return "one of " + ", ".join(map(str, get_args(field_type)))
    kind = "number of seconds" if field.name.endswith("_seconds") else "whole number"
    return f"a {kind}, 0 or more"

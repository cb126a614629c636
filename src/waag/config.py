"""The settings of a server: parsed once, frozen, handed down; nothing below reads them elsewhere.

A *choice* is a setting for a place where AWS's sources contradict each other; each has a row in
docs/compatibility.md and is set by `--set NAME=VALUE`.
"""

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Literal, get_args, get_origin
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import FieldInfo

from waag.domain.agreement_events import AgreementChoices
from waag.domain.analytics.choices import AnalyticsChoices
from waag.domain.entitlement import EntitlementChoices
from waag.domain.metering import MeteringChoices
from waag.domain.refusals import Refusal
from waag.domain.registration import RegistrationChoices
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
        events_webhook: a URL that events are delivered to; None keeps them as they fall due.
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
    events_webhook: str | None = None
    aws_endpoint: str | None = None
    choices: Choices = Choices()


def settings_to_json(settings: Settings) -> str:
    """What another process of the same server is started with; what is secret stays here."""
    kept = msgspec.structs.replace(
        settings, operator_token=None, events_webhook=None, aws_endpoint=None
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


def read_data_set_endpoint(url: str | None) -> str | None:
    """Where data sets are delivered to.

    Raises:
        SettingRefused: neither an address of http or https nor AWS_ITSELF.
    """
    if url is not None and url != AWS_ITSELF and not _is_http(url):
        raise SettingRefused(
            f"--aws-endpoint {url}: expected a URL such as http://127.0.0.1:4566, or {AWS_ITSELF} "
            "for AWS's own endpoints."
        )
    return url


def _is_http(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


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
            raise SettingRefused(
                f"--set {assignment}: expected {_values_of(field.type)}."
            ) from error
    return Choices(
        *(msgspec.convert(given, group.type) for group in msgspec.structs.fields(Choices))
    )


def _fields() -> dict[str, FieldInfo]:
    return {
        field.name.replace("_", "-"): field
        for group in msgspec.structs.fields(Choices)
        for field in msgspec.structs.fields(group.type)
    }


def _values_of(field_type: object) -> str:
    if isinstance(field_type, type) and issubclass(field_type, Enum):
        return "one of " + ", ".join(each.value for each in field_type)
    if get_origin(field_type) is Literal:
        return "one of " + ", ".join(map(str, get_args(field_type)))
    return "a number of seconds, 0 or more"

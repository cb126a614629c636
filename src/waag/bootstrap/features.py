"""What a keeper is made of: features, each put together from what the keeper has already.

The small ones stand here; those with work of their own have a module.
"""

from collections.abc import Callable, Sequence

import msgspec

from waag.admin.openapi import Call
from waag.admin.public_key_calls import PublicKeyCalls
from waag.admin.registration_calls import RegistrationCalls
from waag.admin.usage_calls import UsageCalls
from waag.config import Settings
from waag.domain.instants import Instant
from waag.ports import Clock, Markets, RandomBytes, Settle
from waag.storage.page_tokens import SealedPageTokens
from waag.storage.reader import Reader
from waag.storage.sealed_tokens import SealedTokens, StoredTokenUse
from waag.storage.secret_box import SecretBox
from waag.storage.signing_keys import SqliteSigningKeys
from waag.storage.snapshots import SqliteSnapshots
from waag.storage.stored_market import StoredMarket
from waag.storage.usage_reader import SqliteUsageReader
from waag.storage.workloads import SqliteWorkloads
from waag.storage.writer import Writer
from waag.wire.operations import DeskOperations
from waag.wire.operations.entitlement import entitlement_operations
from waag.wire.operations.registration import registration_operations
from waag.wire.operations.workloads import workload_operations


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What the keeper has before it has any feature.

    Attributes:
        writer: who owns the connection that writes.
        open_reader: a connection of one's own that reads; whoever opens it closes it.
        snapshots: long answers, each over a connection of its own.
        market: looked up by any thread.
        markets: changes it.
        secret_key: the ledger's, from which keys for a purpose are derived.
        secrets: seals what is kept and must not be read beside Waag.
        real: the machine's own time.
        random_bytes: for keys, tokens and ids.
    """

    settings: Settings
    writer: Writer
    open_reader: Callable[[], Reader]
    snapshots: SqliteSnapshots
    clock: Clock
    market: StoredMarket
    markets: Markets
    secret_key: bytes
    secrets: SecretBox
    real: Callable[[], Instant]
    random_bytes: RandomBytes


def nothing() -> None:
    """Do nothing."""


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """What a feature adds to the keeper.

    Attributes:
        calls: of the operator.
        desk: operations that only the keeper answers.
        start: begins work that nobody waits for; once everything is put together.
        settle: does what is due by what the clock shows; once it was turned, before that is
            answered.
        close: ends it, and closes what was opened; before the writer is closed.
    """

    calls: Sequence[Call] = ()
    desk: DeskOperations = {}
    start: Callable[[], None] = nothing
    settle: Settle = nothing
    close: Callable[[], None] = nothing


def accepted_usage(around: Surroundings) -> Feature:
    """Usage read back; it is accepted at the fronts."""
    usage = SqliteUsageReader(around.open_reader(), around.writer.catch_up)
    return Feature(calls=UsageCalls(usage, around.market).calls(), close=usage.close)


def registration(around: Surroundings) -> Feature:
    """Registration tokens, made and resolved."""
    choices = around.settings.choices.registration
    tokens = SealedTokens(around.secret_key, around.random_bytes)
    return Feature(
        calls=RegistrationCalls(around.clock, around.market, tokens, choices).calls(),
        desk=registration_operations(
            clock=around.clock,
            market=around.market,
            choices=choices,
            tokens=tokens,
            used_tokens=StoredTokenUse(around.writer),
        ),
    )


def workloads(around: Surroundings) -> Feature:
    """Software in buyers' accounts: it registers, and reports its own usage."""
    signing_keys = SqliteSigningKeys(around.writer, around.secrets)
    return Feature(
        calls=PublicKeyCalls(around.market, around.clock, signing_keys).calls(),
        desk=workload_operations(
            clock=around.clock,
            market=around.market,
            choices=around.settings.choices.metering,
            random_bytes=around.random_bytes,
            workloads=SqliteWorkloads(around.writer),
            signing_keys=signing_keys,
        ),
    )


def entitlement(around: Surroundings) -> Feature:
    """What contracts grant, told to sellers."""
    return Feature(
        desk=entitlement_operations(
            clock=around.clock,
            market=around.market,
            agreements=around.market,
            page_tokens=SealedPageTokens(around.secret_key, around.random_bytes),
            choices=around.settings.choices.entitlement,
        )
    )

"""What the inside needs of the outside, as protocols named for their role.

Services take these; adapters implement them; bootstrap puts the two together. Nothing here does
anything.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import msgspec

from waag.domain.calls import CallRecord
from waag.domain.clock import ClockMode
from waag.domain.faults import PlannedFault
from waag.domain.instants import Instant
from waag.domain.market import Agreement, Market, Product
from waag.domain.market_changes import MarketChange
from waag.domain.metering import Standing, UsageRow
from waag.domain.refused_usage import RefusedRow, UnrecordedUsage
from waag.domain.registration import Registration
from waag.domain.usage import RecordedUsage, UsageQuery
from waag.domain.workload_registration import PublicKey
from waag.domain.workload_usage import TokenUse
from waag.domain.workloads import Workload

RandomBytes: TypeAlias = Callable[[int], bytes]
"""So many unpredictable bytes; ids are made of them."""

Settle: TypeAlias = Callable[[], None]
"""Settles everything that is due by what the clock shows; returns once it has."""


class Clock(Protocol):
    """The time that everything is judged by; it may be one that can be turned."""

    def now(self) -> Instant:
        """What the clock shows."""
        ...

    def real(self) -> Instant:
        """The machine's own time, which signatures may be judged by too."""
        ...

    @property
    def mode(self) -> ClockMode:
        """Running or frozen."""
        ...


@runtime_checkable
class SettableClock(Clock, Protocol):
    """A clock that can be turned, and keeps its setting across restarts."""

    def set(self, mode: ClockMode, now: Instant) -> None:
        """Show `now`, then run on or stand still; kept before this returns."""
        ...

    def advance(self, by: int) -> None:
        """Show an instant `by` microseconds later; kept before this returns."""
        ...


class Markets(Protocol):
    """The one way to change the market; whoever only looks things up takes a `Market`."""

    def change(self, decide: Callable[[Market], MarketChange]) -> MarketChange:
        """Decide on the market as it is and carry it out, one change at a time.

        Blocks until the change is on disk and every look-up shows it. No other change comes
        between what `decide` looks up, in the market it is given, and what it decides. Whatever
        it raises is raised here and changes nothing.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        ...


class Ledger(Protocol):
    """Accepted usage, append-only: the unique key decides, not a check before it."""

    def append(self, rows: Sequence[UsageRow]) -> Awaitable[Mapping[int, Standing]]:
        """Insert what is new; answer, once that is on disk, what stood already.

        Returns:
            For each row that was not inserted, by its index, what stands under its key.

        Raises:
            StoreUnavailable: from the awaitable; nothing of `rows` was recorded.
        """
        ...

    def note_refused(self, rows: Sequence[RefusedRow]) -> None:
        """Keep what was not recorded, for the operator to see; nobody waits for it.

        What is noted just before a crash may be lost; what has come to the writer is on disk with
        the next commit.
        """
        ...


class Workloads(Protocol):
    """Workloads that were metered before, and the usage that they report themselves.

    Each call is one transaction: nothing comes between what `decide` is told and what is kept.
    Whatever `decide` raises is raised here, and nothing is kept.

    Raises:
        StoreUnavailable: from any call; nothing was kept.
    """

    def record(
        self,
        workload: Workload,
        product: Product,
        token: TokenUse | None,
        decide: Callable[[bool], UsageRow],
    ) -> bytes:
        """Keep the usage that `decide` answers; unique keys decide whether it is new.

        Blocks until it is on disk. From then on the product knows the workload.

        Args:
            workload: who reports.
            product: what for.
            token: what the caller calls the request, if anything.
            decide: told whether the product knows the workload.

        Returns:
            The id of the record: a new one, or of the same request before.

        Raises:
            TokenConflict: the token was used for another request.
            UsageDuplicated: another quantity is recorded for the hour.
        """
        ...

    def register(
        self, workload: Workload, product: Product, now: Instant, decide: Callable[[bool], None]
    ) -> None:
        """Have the product know a workload, unless `decide` refuses.

        Blocks until it is on disk.

        Args:
            workload: who registers.
            product: what with.
            now: when that is.
            decide: told whether the product knows the workload already.
        """
        ...


class SigningKeys(Protocol):
    """The key pairs that registrations with a product are signed with, one for each version.

    Raises:
        StoreUnavailable: from any call; nothing was changed.
    """

    def public_keys(self, product: Product, now: Instant) -> Sequence[PublicKey]:
        """Those of every version, oldest first; the first version is made if there is none.

        However many ask at once, all are given the same keys.
        """
        ...

    def rotate(self, product: Product, now: Instant) -> PublicKey:
        """Make a new version and answer its public key; those before it go on working."""
        ...

    def sign(self, product: Product, version: int, message: bytes) -> bytes:
        """The RSASSA-PSS signature over SHA-256, as PS256 has it.

        Source: RFC 7518, section 3.5.
        """
        ...


class RegistrationTokens(Protocol):
    """Makes registration tokens that nobody else can make, and reads them again."""

    def seal(self, agreement: str, issued: Instant, expires: Instant) -> str:
        """A token for an agreement: at most 512 characters of `A-Za-z0-9+/=.:_-`, never twice."""
        ...

    def open(self, token: str) -> Registration | None:
        """What was sealed; None for anything but a token to the letter."""
        ...


class UsedTokens(Protocol):
    """Remembers which registration tokens are used up."""

    def use(self, token: bytes, now: Instant) -> Instant | None:
        """Use a token up: of any number of callers one is the first. Kept before this returns.

        Args:
            token: as in `waag.domain.registration.Registration`.
            now: what the clock shows.

        Returns:
            When the token was used up before; None to the first.

        Raises:
            StoreUnavailable: the store could not write; the token is not used.
        """
        ...


class UsageReader(Protocol):
    """Reads back what was accepted."""

    def usage_records(self, asked: UsageQuery) -> Sequence[RecordedUsage]:
        """At most `asked.limit` records in key order, after `asked.after`.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        ...

    def unrecorded(self, asked: UsageQuery) -> Sequence[UnrecordedUsage]:
        """At most `asked.limit` refusals that nothing made good, by product and hour.

        Of a product and a span of time; `asked.agreement` and `asked.after` say nothing here.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        ...


class Faults(Protocol):
    """Faults that the operator has planned for calls to come."""

    @property
    def operations(self) -> frozenset[str]:
        """For which there are any; empty as long as there are none."""
        ...

    async def strike(self, operation: str, account_id: str) -> PlannedFault | None:
        """Count one call: the fault that strikes it.

        Raises:
            StoreUnavailable: whoever counts cannot be reached.
        """
        ...


class Catalog(Protocol):
    """Who may buy and what is sold, one after another; whoever knows a name takes a `Market`."""

    def buyers(self, after: int, limit: int, /) -> Sequence[str]:
        """Ids of at most `limit` accounts of kind buyer, by number, above `after`.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        ...

    def products(self, after: int, limit: int, /) -> Sequence[str]:
        """Ids of at most `limit` products, by number, above `after`.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        ...


class EntitledAgreements(Protocol):
    """The agreements that grant entitlements, in order."""

    def entitled_agreements(
        self, product_id: str, after: int, limit: int, /
    ) -> Sequence[Agreement]:
        """At most `limit` agreements to one product that grant something, past ones too.

        By number, above `after`; what it costs depends on `limit` alone.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        ...


class PageTokens(Protocol):
    """Positions in a list, as tokens that a caller carries from page to page.

    A token tells its bearer nothing, and is of use only in the context that it was given in.
    """

    def seal(self, position: bytes, context: Mapping[str, bytes]) -> str:
        """A token without white space.

        Args:
            position: where the next page begins.
            context: what the next request has to have in common with this one, by the words that
                a refusal uses for it: the operation, the account, the filters.
        """
        ...

    def open(self, token: str, context: Mapping[str, bytes]) -> bytes:
        """The position.

        Raises:
            PageTokenInvalid: not a token, or altered, or given in another context: in which.
        """
        ...


class Calls(Protocol):
    """The latest API calls, for the operator to see."""

    def record(self, call: CallRecord) -> None:
        """Keep one call; the oldest gives way."""
        ...


class CallsReader(Protocol):
    """Reads back the latest API calls, whichever front answered them."""

    async def latest(self, limit: int) -> Sequence[CallRecord]:
        """At most `limit` calls, newest first."""
        ...


class Caller(msgspec.Struct, frozen=True):
    """Who calls, and which Region's endpoint the signature names.

    Attributes:
        session: the name of the role session; None for long-term credentials.
        platform: what the caller's software runs on, for a metered workload.
        runs_in: the Region it runs in, for a metered workload.
    """

    account_id: str
    arn: str
    region: str
    session: str | None = None
    platform: str | None = None
    runs_in: str | None = None

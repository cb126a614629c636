"""Entries of the market as they were: terms change, and what was agreed before is billed as agreed.

A version holds from the instant at which it was told until a later one holds; the first one holds
from always, since nothing was known before it. Where the clock was turned back between two, the one
that was told last wins.
"""

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from waag.domain.instants import INSTANT_MIN, Instant

Entry = TypeVar("Entry")


class Version(msgspec.Struct, Generic[Entry], frozen=True):
    """An entry as it was from `since` on."""

    since: Instant
    entry: Entry


class History(msgspec.Struct, Generic[Entry], frozen=True):
    """All versions of an entry in the order in which they were told; one at least."""

    versions: tuple[Version[Entry], ...]

    @property
    def latest(self) -> Entry:
        """As it is."""
        return self.versions[-1].entry

    def as_of(self, instant: Instant) -> Entry:
        """As it was."""
        for version in reversed(self.versions):
            if version.since <= instant:
                return version.entry
        return self.versions[0].entry

    def changes(self, since: Instant, until: Instant) -> list[Instant]:
        """When versions began, after `since` and before `until`, in order of time."""
        return sorted({each.since for each in self.versions if since < each.since < until})


def history(superseded: Sequence[tuple[Instant, Entry]], latest: Entry) -> History[Entry]:
    """From entries that gave way, each with the instant it did, in the order they did."""
    since = INSTANT_MIN
    versions: list[Version[Entry]] = []
    for until, entry in superseded:
        versions.append(Version(since, entry))
        since = until
    return History((*versions, Version(since, latest)))

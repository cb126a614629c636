"""The link between a front, which judges, and the one writer: rows one way, outcomes the other.

A link is a stream socket with a front at one end, in this process or in another, and the writer at
the other. It carries frames: four bytes of length, then MessagePack. Both ends are of one release
of Waag on one machine, so that the form of the frames is nobody's contract.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from waag.domain.clock import ClockMode
from waag.domain.market_look_ups import AlteredLookUps
from waag.domain.metering import Standing, UsageRow
from waag.domain.refused_usage import RefusedRow

_LENGTH_BYTES = 4


class Append(msgspec.Struct, tag=0, array_like=True, gc=False):
    """From a front: rows to insert; answered, in order, by one outcome of a `Committed`."""

    rows: Sequence[UsageRow]


class Appended(msgspec.Struct, tag=0, array_like=True, gc=False):
    """What the writer reads of an `Append`: the columns, ready to be bound to a statement."""

    rows: Sequence[tuple[Any, ...]]


class Refuse(msgspec.Struct, tag=2, array_like=True, gc=False):
    """From a front: records that were not recorded, for the operator to see; never answered."""

    rows: Sequence[RefusedRow]


class Refused(msgspec.Struct, tag=2, array_like=True, gc=False):
    """What the writer reads of a `Refuse`."""

    rows: Sequence[tuple[Any, ...]]


class Noted(msgspec.Struct, tag=1, array_like=True, gc=False):
    """From a front: the oldest notice not yet confirmed is heeded from here on."""


Outcome: TypeAlias = dict[int, Standing] | str | None
"""Of one append: None if every row was inserted; else what stood under the keys of the others, by
index; or why nothing was recorded."""


class Committed(msgspec.Struct, tag=0, array_like=True, gc=False):
    """To a front: what became of its oldest unanswered appends, in order."""

    outcomes: Sequence[Outcome]


class ClockTurned(msgspec.Struct, tag=1, array_like=True):
    """To a front: the clock's new setting; see `waag.domain.clock.ClockSetting`."""

    mode: ClockMode
    value: int


class MarketChanged(msgspec.Struct, tag=2, array_like=True):
    """To a front: the market has other answers now, which it has to look up anew."""

    altered: AlteredLookUps


class FaultsPlanned(msgspec.Struct, tag=3, array_like=True):
    """To a front: the operations that faults are planned for; see `waag.services.faults`."""

    operations: frozenset[str]


Notice: TypeAlias = ClockTurned | MarketChanged | FaultsPlanned
"""What every front has to heed before the change that caused it counts as done."""

_encoder = msgspec.msgpack.Encoder()
from_front = msgspec.msgpack.Decoder(Appended | Noted | Refused).decode
from_writer = msgspec.msgpack.Decoder(
    Committed | ClockTurned | MarketChanged | FaultsPlanned
).decode


def frame(message: object) -> bytes:
    """A message as it goes over a link."""
    body = _encoder.encode(message)
    return len(body).to_bytes(_LENGTH_BYTES, "little") + body


class Frames:
    """Takes what comes over a link, in pieces of any size, apart into messages."""

    def __init__(self) -> None:
        self._rest = b""

    def messages(self, data: bytes) -> Sequence[bytes]:
        """The messages that `data` completes."""
        received = self._rest + data if self._rest else data
        complete: list[bytes] = []
        start, end = 0, len(received)
        while end - start >= _LENGTH_BYTES:
            begin = start + _LENGTH_BYTES
            stop = begin + int.from_bytes(received[start:begin], "little")
            if stop > end:
                break
            complete.append(received[begin:stop])
            start = stop
        self._rest = received[start:]
        return complete

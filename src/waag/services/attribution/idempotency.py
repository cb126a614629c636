"""Requests with a client token: carried out once, and answered the same however often they come."""

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from waag.domain.attribution.client_tokens import KeptReply, TokenUse, UsedToken, check_token
from waag.domain.instants import SECOND, Instant
from waag.domain.refusals import Refusal
from waag.ports.attribution import ClientTokens

Answered = TypeVar("Answered", bound=msgspec.Struct)

_encode = msgspec.msgpack.Encoder().encode


class Decided(msgspec.Struct, Generic[Answered], frozen=True):
    """What a write will answer, and how it is carried out.

    Attributes:
        answer: kept under the token to the letter.
        commit: writes, unless the reply's token stands for something by then, and returns that.
    """

    answer: Answered
    commit: Callable[[KeptReply | None], UsedToken | None]


class Idempotency:
    """What all writes with a client token go through.

    Args:
        tokens: what they stand for.
        lifetime_seconds: for how long.
    """

    def __init__(self, tokens: ClientTokens, lifetime_seconds: int) -> None:
        self._tokens = tokens
        self._lifetime = lifetime_seconds * SECOND

    def once(
        self,
        use: TokenUse | None,
        now: Instant,
        kind: type[Answered],
        decide: Callable[[], Decided[Answered]],
    ) -> Answered:
        """Carry a write out, or answer it as it was answered.

        A refusal is not kept: the same token may be sent again with what would have passed.

        Args:
            use: None is never answered as before.
            now: what the clock shows.
            kind: of the answer.
            decide: reads, and refuses or decides; it may be called and come to nothing.

        Raises:
            ClientTokenConflict: the token stands for another request.
            Refusal: the write's own.
        """
        if use is None:
            decided = decide()
            decided.commit(None)
            return decided.answer
        expired = now - self._lifetime
        used = self._tokens.used(use, expired)
        if used is None:
            try:
                decided = decide()
                kept = KeptReply(use, _encode(decided.answer), now, expired)
                used = decided.commit(kept)
            except Refusal:
                # The same request, sent twice at once, may have changed what was decided on.
                used = self._tokens.used(use, expired)
                if used is None:
                    raise
            else:
                if used is None:
                    return decided.answer
        check_token(use, used)
        return msgspec.msgpack.decode(used.reply, type=kind)

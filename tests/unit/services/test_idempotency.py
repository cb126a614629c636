"""Client tokens: carried out once, answered the same however often it comes."""

import msgspec
import pytest

from builders import NOW, refusal_of
from waag.domain.attribution.client_tokens import KeptReply, TokenUse, UsedToken
from waag.domain.attribution.identifiers import Catalog, Scope
from waag.domain.attribution.refusals import (
    ClientTokenConflict,
    ConcurrentModification,
    RevisionMismatch,
)
from waag.services.attribution.idempotency import Decided, Idempotency

USE = TokenUse(Scope("120000000001", Catalog.AWS), "UpdateRevenueAttribution", "t-1", b"parameters")
OTHER_USE = msgspec.structs.replace(USE, digest=b"other parameters")


class Answer(msgspec.Struct, frozen=True):
    """What a write answers."""

    text: str


class FakeTokens:
    """The port `ClientTokens` on a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, UsedToken] = {}

    def used(self, use, expired):
        """What the token stands for."""
        del expired
        return self.kept.get(use.token)

    def keep(self, reply: KeptReply | None) -> UsedToken | None:
        """Have the token stand for a reply, unless it stands for one."""
        if reply is None:
            return None
        standing = self.kept.get(reply.use.token)
        if standing is None:
            self.kept[reply.use.token] = UsedToken(reply.use.digest, reply.reply)
        return standing


@pytest.fixture
def tokens():
    """None stands for anything."""
    return FakeTokens()


def once(tokens, use, text="first", between=lambda: None, refused_with=None):
    """What a write is answered; `between` happens after the token was looked up."""
    done = []

    def decide():
        between()
        if refused_with is not None:
            raise refused_with("overtaken")
        return Decided(Answer(text), lambda reply: tokens.keep(reply) or done.append(text))

    answer = Idempotency(tokens, 60).once(use, NOW, Answer, decide)
    return answer.text, done


def test_a_request_without_a_token_is_carried_out_each_time(tokens):
    """It is never taken for another one."""
    assert [once(tokens, None), once(tokens, None)] == [("first", ["first"])] * 2


def test_the_same_request_is_carried_out_once(tokens):
    """And answered as it was the first time."""
    once(tokens, USE)
    assert once(tokens, USE, "second") == ("first", [])


def test_another_request_is_a_conflict(tokens):
    """Nothing is decided for it."""
    once(tokens, USE)
    refused = refusal_of(once, tokens, OTHER_USE, refused_with=RevisionMismatch)
    assert (refused and refused[0]) is ClientTokenConflict


def test_a_refusal_is_not_kept(tokens):
    """The token may be sent again with what would have passed."""
    refused = refusal_of(once, tokens, USE, refused_with=RevisionMismatch)
    assert refused == (RevisionMismatch, "overtaken")
    assert once(tokens, OTHER_USE, "second") == ("second", ["second"])


@pytest.mark.parametrize("refused_with", [None, RevisionMismatch, ConcurrentModification])
def test_of_two_that_are_sent_at_once_one_is_carried_out(tokens, refused_with):
    """The other is answered the same, whatever it finds out about the change that was made."""

    def other():
        if not tokens.kept:
            once(tokens, USE)

    assert once(tokens, USE, "second", other, refused_with) == ("first", [])


def test_another_request_at_once_is_a_conflict(tokens):
    """It finds the token taken when it is about to be carried out."""
    refused = refusal_of(once, tokens, OTHER_USE, between=lambda: once(tokens, USE))
    assert (refused and refused[0]) is ClientTokenConflict

import os

import pytest

from builders import NOW, OTHER_SELLER, SELLER, market, refusal_of
from waag.domain.instants import HOUR
from waag.domain.refusals import TokenInvalid, TokenUsed
from waag.domain.registration import RegistrationChoices, TokenUse
from waag.ports import Caller
from waag.services.registration import AgreementNotRegistrable, issue_token, resolve_customer
from waag.storage.sealed_tokens import SealedTokens

TOKENS = SealedTokens(bytes(32), os.urandom)
REUSABLE, SINGLE = RegistrationChoices(), RegistrationChoices(token_use=TokenUse.SINGLE)


class UsedInMemory:
    """The port `UsedTokens` on a dictionary."""

    def __init__(self) -> None:
        self.used = {}

    def use(self, token, now):
        """The first is told None."""
        before = self.used.get(token)
        self.used.setdefault(token, now)
        return before


def issued(agreement="agmt-1", choices=REUSABLE):
    """A token issued at NOW, and its expiry."""
    return issue_token(agreement, market=market(), choices=choices, now=NOW, tokens=TOKENS)


def resolve(token, used=None, choices=REUSABLE, seller=SELLER, now=NOW):
    """What a seller is told."""
    return resolve_customer(
        token,
        Caller(seller, f"arn:aws:iam::{seller}:user/ci", "us-east-1"),
        market=market(),
        choices=choices,
        now=now,
        tokens=TOKENS,
        used_tokens=UsedInMemory() if used is None else used,
    )


def why(token):
    """Why a text is no valid token."""
    refused = refusal_of(resolve, token)
    assert refused is not None
    assert refused[0] is TokenInvalid
    return refused[1]


def test_what_is_issued_is_resolved():
    """A token stands for the agreement that it was issued for."""
    assert resolve(issued("agmt-2").token).customer_identifier == "cust-2"


def test_the_expiry_is_told():
    """Four hours after the token was issued."""
    assert issued().expires == NOW + 4 * HOUR


@pytest.mark.parametrize(
    ("agreement", "message"),
    [
        ("agmt-x", "There is no agreement 'agmt-x'."),
        (
            "agmt-5",
            "Agreement agmt-5 is to product scanner, which is sold as ami: only buyers of SaaS "
            "products register on the seller's page.",
        ),
    ],
)
def test_no_token_is_issued(agreement, message):
    """For what nobody agreed to, and for what is not registered."""
    assert refusal_of(issued, agreement) == (AgreementNotRegistrable, message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "djfsihsfhsi",
            "'djfsihsfhsi' (11 characters) is no token that this server issued: it was altered or "
            "cut short, or another server issued it.",
        ),
        (
            "x" * 512,
            f"'{'x' * 24}...' (512 characters) is no token that this server issued: it was altered "
            "or cut short, or another server issued it.",
        ),
        ("x" * 513, "513 characters were sent; a token has 512 at most."),
        ("x" * 10_000, "10000 characters were sent; a token has 512 at most."),
    ],
    ids=["garbage", "longest", "too long", "far too long"],
)
def test_what_is_no_token(text, message):
    """The operator is told what was sent, though never all of it."""
    assert why(text) == message


def test_a_damaged_token_is_recognised():
    """It is refused all the same, but the operator is told what happened to it."""
    assert why(issued().token.replace("+", " ")) == (
        "The token was damaged on its way: it has spaces where it had '+': the form's body was "
        "decoded twice, or the token was put into a form or URL without being encoded. As it was "
        "issued, for agreement agmt-1, it would have been known."
    )


def test_a_token_of_many_uses():
    """The same token has the same answer, and nothing is remembered of it."""
    used, token = UsedInMemory(), issued().token
    assert (resolve(token, used), used.used) == (resolve(token, used), {})


def test_a_token_of_one_use():
    """The second call is told when the token was used up."""
    used, token = UsedInMemory(), issued().token
    resolve(token, used, SINGLE)
    assert refusal_of(resolve, token, used, SINGLE, now=NOW + HOUR) == (
        TokenUsed,
        "It was used up at 2026-05-14T10:20:30Z: the buyer has resubmitted it, or the same call "
        "was sent again. A token is taken once here.",
    )


@pytest.mark.parametrize(
    "refused", [{"seller": OTHER_SELLER}, {"now": NOW + 4 * HOUR}], ids=["seller", "expired"]
)
def test_a_refused_call_uses_nothing_up(refused):
    """Only a call that tells the customer counts as use."""
    used, token = UsedInMemory(), issued().token
    refusal_of(resolve, token, used, SINGLE, **refused)
    assert used.used == {}


def test_each_token_of_an_agreement_has_its_own_use():
    """A buyer who sets up the account again brings another token."""
    used = UsedInMemory()
    customers = [resolve(issued().token, used, SINGLE) for _ in range(2)]
    assert customers[0] == customers[1]

"""Page tokens: what they tell, where they are of use, and that nobody else makes them."""

import os
from base64 import urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import refusal_of
from waag.domain.refusals import PageTokenInvalid
from waag.storage.page_tokens import SealedPageTokens

TOKENS = SealedPageTokens(b"k" * 32, os.urandom)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
HERE = {"operation": b"List", "account": b"120000000001"}


@given(st.binary(max_size=300), st.dictionaries(st.text(), st.binary(), max_size=4))
def test_a_token_is_opened_where_it_was_sealed(position, context):
    """The position comes back, whatever it and the context are."""
    assert TOKENS.open(TOKENS.seal(position, context), context) == position


def test_a_token_outlives_whoever_gave_it():
    """Another process with the same secret key opens it."""
    again = SealedPageTokens(b"k" * 32, os.urandom)
    assert again.open(TOKENS.seal(b"here", HERE), HERE) == b"here"


def test_no_two_tokens_are_alike():
    """Whoever sees two cannot tell whether they lead to the same place."""
    assert TOKENS.seal(b"here", HERE) != TOKENS.seal(b"here", HERE)


@given(st.binary(min_size=1, max_size=300))
def test_a_token_has_no_characters_that_need_care(position):
    """No white space, nothing to be escaped in a URL."""
    assert set(TOKENS.seal(position, HERE)) <= set(ALPHABET)


@given(st.data())
def test_a_token_of_which_a_character_was_changed(data):
    """Any other character in any place, and it opens nothing."""
    token = TOKENS.seal(b"here", HERE)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(ALPHABET).filter(lambda each: each != token[place]))
    altered = token[:place] + other + token[place + 1 :]
    refused = refusal_of(TOKENS.open, altered, HERE)
    assert refused is not None
    assert refused[0] is PageTokenInvalid


SEALED = SealedPageTokens(b"k" * 32, bytes).seal(b"here", HERE)
NO_TOKEN = "is not a token of this server; send NextToken as the page before gave it."
ALTERED = "was altered, or another server gave it; send NextToken as the page before gave it."


@pytest.mark.parametrize(
    ("token", "context", "why"),
    [
        ("2", HERE, f"NextToken '2' {NO_TOKEN}"),
        ("seventeen-letters", HERE, f"NextToken 'seventeen-letter'... {NO_TOKEN}"),
        ("a/b+c", HERE, f"NextToken 'a/b+c' {NO_TOKEN}"),
        ("été", HERE, f"NextToken 'été' {NO_TOKEN}"),
        (SEALED + "=", HERE, f"NextToken 'AAAAAAAAAAAAAAAA'... {NO_TOKEN}"),
        (SEALED[:-4], HERE, f"NextToken 'AAAAAAAAAAAAAAAA'... {ALTERED}"),
        ("B" + SEALED[1:], HERE, f"NextToken 'BAAAAAAAAAAAAAAA'... {ALTERED}"),
        (
            SealedPageTokens(b"o" * 32, bytes).seal(b"here", HERE),
            HERE,
            f"NextToken 'AAAAAAAAAAAAAAAA'... {ALTERED}",
        ),
        (
            SEALED,
            HERE | {"account": b"120000000002"},
            "NextToken 'AAAAAAAAAAAAAAAA'... was given for another account; only the request that "
            "it was given for, repeated with it, goes on.",
        ),
        (
            SEALED,
            {"operation": b"Other", "Filter": b""},
            "NextToken 'AAAAAAAAAAAAAAAA'... was given for another operation and another Filter; "
            "only the request that it was given for, repeated with it, goes on.",
        ),
    ],
    ids=[
        "a letter",
        "text",
        "other base64",
        "no ASCII",
        "padded",
        "cut",
        "edited",
        "another server's",
        "another account's",
        "another operation's",
    ],
)
def test_a_refusal_says_what_is_wrong(token, context, why):
    """Not a token, an altered one, or one that was given for something else."""
    assert refusal_of(TOKENS.open, token, context) == (PageTokenInvalid, why)


def test_a_token_tells_nothing():
    """Neither the position nor what it was given for can be read from it."""
    octets = urlsafe_b64decode(SEALED + "=" * (-len(SEALED) % 4))
    assert [word for word in (b"here", b"account") if word in octets] == []

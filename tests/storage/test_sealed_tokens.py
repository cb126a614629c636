import os
import re
import string
import threading
from base64 import b64decode, b64encode

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from holding import DEADLINE
from hypothesis import given, settings
from hypothesis import strategies as st

from waag.domain.instants import INSTANT_MAX, INSTANT_MIN
from waag.domain.refusals import StoreUnavailable
from waag.domain.registration import TOKEN_CHARACTERS_MAX, Registration
from waag.storage.database import open_database
from waag.storage.sealed_tokens import SealedTokens, StoredTokenUse
from waag.storage.writer import Writer

ISSUED, EXPIRES = 1_790_000_000_000_000, 1_790_000_060_000_000
AGREEMENT = "agmt-molenanalytics001"
CHARACTERS = string.printable + "é"


def sealer(key=b"k" * 32, random_bytes=bytes):
    """Tokens under a key; the nonces are all the same unless given."""
    return SealedTokens(key, random_bytes)


def token(**given):
    """A token for AGREEMENT."""
    return sealer(**given).seal(AGREEMENT, ISSUED, EXPIRES)


class TestSealing:
    """What a token looks like."""

    @given(
        st.text(string.ascii_letters + string.digits + "_/-", min_size=1, max_size=64),
        st.integers(INSTANT_MIN, INSTANT_MAX),
        st.binary(min_size=12, max_size=12),
    )
    def test_every_token_can_be_mangled(self, agreement, issued, nonce):
        """It has 152 characters, among them `+`, `/` and `=`, which URLs and forms alter."""
        sealed = sealer(random_bytes=lambda _: nonce).seal(agreement, issued, EXPIRES)
        assert re.fullmatch(r"Wg\+/[A-Za-z0-9+/]{146}==", sealed)

    def test_it_is_no_longer_than_the_model_allows(self):
        """At most 512 characters."""
        assert len(token()) <= TOKEN_CHARACTERS_MAX

    def test_it_shows_nothing_of_the_agreement(self):
        """The id is nowhere in its bytes."""
        assert AGREEMENT.encode() not in b64decode(token())

    def test_no_two_are_the_same(self):
        """Two tokens for one agreement at one instant differ."""
        assert token(random_bytes=os.urandom) != token(random_bytes=os.urandom)


class TestOpening:
    """What is a token, and what is none."""

    @given(
        st.text(string.ascii_letters + string.digits + "_/-", min_size=1, max_size=64),
        st.integers(INSTANT_MIN, INSTANT_MAX),
        st.integers(INSTANT_MIN, INSTANT_MAX),
    )
    def test_what_was_sealed_is_opened(self, agreement, issued, expires):
        """Agreement and instants come back as they were."""
        opened = sealer().open(sealer().seal(agreement, issued, expires))
        assert opened == Registration(bytes(12), agreement, issued, expires)

    @settings(max_examples=500)
    @given(st.data())
    def test_one_character_changed_is_no_token(self, data):
        """Whichever character becomes whichever other one, also where only spare bits differ."""
        sealed = token()
        place = data.draw(st.integers(0, len(sealed) - 1))
        other = data.draw(st.sampled_from(CHARACTERS).filter(lambda each: each != sealed[place]))
        assert sealer().open(sealed[:place] + other + sealed[place + 1 :]) is None

    def test_one_spelling_counts(self):
        """The spare bits of the last character may not be set, though the bytes are the same."""
        alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
        sealed = token()
        last = alphabet.index(sealed[-3])
        spellings = [f"{sealed[:-3]}{alphabet[last + spare]}==" for spare in range(16)]
        opened = [sealer().open(each) is not None for each in spellings]
        assert opened == [True] + [False] * 15

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "=" * 152,
            "A" * 152,
            "é" * 152,
            b64encode(b64decode("Wg+/") + bytes(109)).decode(),
            token()[:-1],
            token() + "=",
            token() + "\n",
            token() * 2,
        ],
        ids=map(str, range(9)),
    )
    def test_anything_else_is_no_token(self, text):
        """What was not sealed is nothing, whatever it is."""
        assert sealer().open(text) is None

    def test_another_servers_token_is_none(self):
        """The key decides."""
        assert sealer(b"x" * 32).open(token()) is None

    def test_the_data_directorys_key_itself_opens_nothing(self):
        """Tokens have a key of their own: what one use of a key gives away harms no other."""
        octets = b64decode(token())
        with pytest.raises(InvalidTag):
            AESGCM(b"k" * 32).decrypt(octets[3:15], octets[15:], octets[:3])


@pytest.fixture
def used(writer):
    """Tokens used up in an empty ledger."""
    return StoredTokenUse(writer)


class TestUse:
    """Tokens used up."""

    def test_the_first_is_told_so(self, used):
        """Nothing was there before."""
        assert used.use(b"token", 1) is None

    def test_the_second_is_told_when(self, used):
        """What stands is the first use, whatever the clock shows by now."""
        used.use(b"token", 5)
        assert [used.use(b"token", now) for now in (9, 1)] == [5, 5]

    def test_each_token_is_by_itself(self, used):
        """One that was used up says nothing of another."""
        used.use(b"token", 5)
        assert used.use(b"nekot", 6) is None

    def test_it_outlives_the_server(self, used, writer, ledger):
        """A token that was used up stays so after a restart."""
        used.use(b"token", 5)
        writer.close()
        again = Writer(open_database(ledger))
        before = StoredTokenUse(again).use(b"token", 6)
        again.close()
        assert before == 5

    def test_of_many_at_once_one_is_the_first(self, used):
        """However many callers come together, exactly one uses the token up."""
        together = threading.Barrier(8)
        told = []

        def use(now):
            together.wait(DEADLINE)
            told.append(used.use(b"token", now))

        threads = [threading.Thread(target=use, args=(now,)) for now in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE)
        assert (len(told), told.count(None)) == (8, 1)

    def test_a_use_that_cannot_be_kept_is_none(self, used, files):
        """The caller is refused, and the token is still there for the next."""
        files.failing = True
        with pytest.raises(StoreUnavailable):
            used.use(b"token", 5)
        files.failing = False
        assert used.use(b"token", 6) is None

"""Key pairs on SQLite: made once, kept encrypted, the same for everybody."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from holding import DEADLINE
from ledger_files import NOON

from builders import product
from waag.domain.refusals import StoreUnavailable
from waag.storage.database import open_database
from waag.storage.queries import run
from waag.storage.secret_box import SecretBox
from waag.storage.signing_keys import SqliteSigningKeys, make_private_key
from waag.storage.writer import Writer

HARBOR, OTHER = product(number=1, code="harbor"), product(number=2, code="other")
NAMES = """
INSERT INTO account VALUES (1, '120000000001', 'Seller', 'seller', NULL, NULL);
INSERT INTO product VALUES
  (1, 'prod-1', 'harbor', 1, 'Title', 'container', 'legacy', '[]', NULL),
  (2, 'prod-2', 'other', 1, 'Title', 'container', 'legacy', '[]', NULL);
"""
PAIRS = [make_private_key() for _ in range(4)]


def box(key=b"k" * 32):
    """A box whose nonces are always the same."""
    return SecretBox(key, bytes)


def make(pairs):
    """Hand out key pairs made before, since making one takes long."""
    waiting = iter(pairs)
    return lambda: next(waiting)


@pytest.fixture
def named(writer):
    """A writer of a ledger with two products."""
    writer.change(lambda connection: run(connection, NAMES))
    return writer


@pytest.fixture
def keys(named):
    """Keys of that ledger; PAIRS in order."""
    return SqliteSigningKeys(named, box(), make(PAIRS))


def pem(pair):
    """The public key of a pair."""
    public = pair.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public.decode()


def shown(found):
    """Versions and public keys."""
    return [(key.version, key.pem) for key in found]


def test_a_pair_is_made_as_ps256_wants_it():
    """2048 bits, and the usual exponent."""
    numbers = PAIRS[0].public_key().public_numbers()
    assert (PAIRS[0].key_size, numbers.e) == (2048, 65537)


def test_the_first_is_made_on_first_need(keys):
    """Asked again, it is the same."""
    assert [shown(keys.public_keys(HARBOR, NOON)) for _ in range(2)] == [[(1, pem(PAIRS[0]))]] * 2


def test_each_product_has_its_own(keys):
    """A key of one verifies nothing of another."""
    keys.public_keys(HARBOR, NOON)
    assert shown(keys.public_keys(OTHER, NOON)) == [(1, pem(PAIRS[1]))]


def test_rotating_adds_a_version(keys):
    """Those before stay."""
    keys.public_keys(HARBOR, NOON)
    keys.rotate(HARBOR, NOON + 1)
    assert shown(keys.public_keys(HARBOR, NOON)) == [(1, pem(PAIRS[0])), (2, pem(PAIRS[1]))]


def test_a_rotation_before_the_first_is_the_second(keys):
    """Version 1 is there from the beginning, asked for or not."""
    assert keys.rotate(HARBOR, NOON).version == 2


def test_a_version_was_rotated_when_the_next_was_made(keys):
    """The newest was not."""
    keys.public_keys(HARBOR, NOON)
    for later in (1, 2):
        keys.rotate(HARBOR, NOON + later)
    found = keys.public_keys(HARBOR, NOON)
    assert [(key.made, key.rotated) for key in found] == [
        (NOON, NOON + 1),
        (NOON + 1, NOON + 2),
        (NOON + 2, None),
    ]


def test_keys_outlive_the_server(keys, named, ledger):
    """After a restart they are the same, and sign."""
    before = keys.public_keys(HARBOR, NOON)
    named.close()
    again = Writer(open_database(ledger))
    reopened = SqliteSigningKeys(again, box(), make([]))
    after, signature = reopened.public_keys(HARBOR, NOON), reopened.sign(HARBOR, 1, b"message")
    again.close()
    verify(PAIRS[0], signature, b"message")
    assert after == before


def verify(pair: rsa.RSAPrivateKey, signature: bytes, message: bytes) -> None:
    """Verify as RFC 7518, section 3.5 has it: the salt is as long as the hash, 32 bytes."""
    pss = padding.PSS(padding.MGF1(SHA256()), salt_length=32)
    pair.public_key().verify(signature, message, pss, SHA256())


def test_each_version_signs_with_its_own_key(keys):
    """An old one goes on working."""
    keys.rotate(HARBOR, NOON)
    signatures = [keys.sign(HARBOR, version, b"message") for version in (1, 2)]
    for pair, signature in zip(PAIRS, signatures, strict=False):
        verify(pair, signature, b"message")
    assert [len(signature) for signature in signatures] == [256, 256]


def test_callers_at_the_same_time_are_given_the_same_key(named):
    """Of several pairs made at once, one is kept."""
    together = threading.Barrier(4)
    waiting = make(PAIRS)

    def made():
        together.wait(DEADLINE)
        return waiting()

    keys = SqliteSigningKeys(named, box(), made)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: keys.public_keys(HARBOR, NOON), range(4)))
    assert found == [found[0]] * 4


def test_a_private_key_is_encrypted(keys, named):
    """Another secret key does not open it; the refusal names it, and nothing is signed."""
    keys.public_keys(HARBOR, NOON)
    with pytest.raises(StoreUnavailable) as refused:
        SqliteSigningKeys(named, box(b"x" * 32)).sign(HARBOR, 1, b"message")
    assert refused.value.why == (
        "The credentials of product harbor, public key version 1, were not encrypted with this "
        "data directory's secret-key. Put the secret-key back that lay beside this ledger."
    )


def test_no_private_key_lies_in_the_ledger(keys, named, ledger):
    """Neither whole nor its secret exponent alone."""
    keys.public_keys(HARBOR, NOON)
    numbers = PAIRS[0].private_numbers()
    named.close()
    content = b"".join(each.read_bytes() for each in ledger.parent.iterdir())
    secrets = [each.to_bytes((each.bit_length() + 7) // 8) for each in (numbers.d, numbers.p)]
    assert [secret in content for secret in secrets] == [False, False]

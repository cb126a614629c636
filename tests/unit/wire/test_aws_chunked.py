"""Bodies in chunks, signed and unsigned, with headers after them."""

import pytest

from builders import refusal_of
from waag.wire import sigv4
from waag.wire.aws_chunked import ChunkSigner, unchunked
from waag.wire.signature_refusals import SignatureMismatch

SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
CHUNKS = (
    (65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
    (1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
    (0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
)


def signer():
    """That of the example. Source: S3 API Reference, "Transferring Payload in Multiple Chunks"."""
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    key = sigv4.signing_key(secret, "20130524", "us-east-1", "s3")
    return ChunkSigner(key, "20130524T000000Z", "20130524/us-east-1/s3/aws4_request", SEED)


def example():
    """The body of the example."""
    return b"".join(
        f"{size:x};chunk-signature={signature}\r\n".encode() + b"a" * size + b"\r\n"
        for size, signature in CHUNKS
    )


def test_the_published_example_is_read():
    """The body that AWS publishes is found as signed, and is the 66,560 letters it holds."""
    assert unchunked(example(), signer(), "66560") == (b"a" * 66560, {})


def test_unsigned_chunks_are_followed_by_headers():
    """What comes after the last chunk are headers."""
    body = b"5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nx-amz-checksum-crc32: AAAAAA==\r\n\r\n"
    trailers = {"x-amz-checksum-crc32": "AAAAAA=="}
    assert unchunked(body, None, "11") == (b"hello world", trailers)


@pytest.mark.parametrize(
    ("body", "length"),
    [
        (b"", None),
        (b"5\r\nhello", None),
        (b"5\r\nhello!\r\n0\r\n\r\n", None),
        (b"x\r\nhello\r\n0\r\n\r\n", None),
        (b"-1\r\nhello\r\n0\r\n\r\n", None),
        (b"5\r\nhello\r\n0\r\n\r\n", "6"),
    ],
)
def test_other_bodies_are_refused(body, length):
    """A body that is not as the encoding has it is refused."""
    refusal = refusal_of(unchunked, body, None, length)
    assert refusal is not None
    assert refusal[0] is SignatureMismatch


@pytest.mark.parametrize("at", [0, 100, 65700, -10])
def test_signed_chunks_may_not_be_altered(at):
    """A signed body is refused, whatever byte of it is another."""
    body = bytearray(example())
    body[at] ^= 1
    refusal = refusal_of(unchunked, bytes(body), signer(), None)
    assert refusal is not None
    assert refusal[0] is SignatureMismatch


@pytest.mark.parametrize(("signature", "passes"), [(True, True), (False, False)])
def test_trailers_of_signed_chunks_are_signed(signature, passes):
    """Headers after signed chunks take a signature of their own."""
    first, second = signer(), signer()
    empty = _chunk_signature(first)
    trailer = b"x-amz-checksum-crc32:AAAAAA=="
    signed = _trailer_signature(first, trailer) if signature else "0" * 64
    body = b"0;chunk-signature=%s\r\n%s\r\nx-amz-trailer-signature:%s\r\n\r\n" % (
        empty.encode(),
        trailer,
        signed.encode(),
    )
    assert (refusal_of(unchunked, body, second, "0") is None) is passes


def _chunk_signature(signing):
    """What the next chunk is signed with, if it is empty."""
    return signing.sign_chunk(b"")


def _trailer_signature(signing, trailer):
    """What a trailer is signed with."""
    return signing.sign_trailers(trailer + b"\n")

"""The content encoding aws-chunked: a body in chunks, each signed or none, headers after the last.

Source: Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring
Payload in Multiple Chunks", and the same with trailing headers.
"""

import hashlib
import hmac
from collections.abc import Mapping

from waag.wire.signature_refusals import SignatureMismatch

_EMPTY_HASH = hashlib.sha256(b"").hexdigest()
_END = b"\r\n"


class ChunkSigner:
    """The signatures of chunks, each of which is over the one before.

    Args:
        key: the signing key.
        timestamp: as the request was dated.
        scope: the credential scope.
        seed: the signature of the request's head.
    """

    def __init__(self, key: bytes, timestamp: str, scope: str, seed: str) -> None:
        self._key = key
        self._dated = f"{timestamp}\n{scope}"
        self._previous = seed

    def sign_chunk(self, data: bytes) -> str:
        """The signature of the next chunk."""
        hashed = hashlib.sha256(data).hexdigest()
        return self._sign("AWS4-HMAC-SHA256-PAYLOAD", f"{_EMPTY_HASH}\n{hashed}")

    def sign_trailers(self, trailers: bytes) -> str:
        """The signature of the headers after the last chunk, a line feed after each."""
        return self._sign("AWS4-HMAC-SHA256-TRAILER", hashlib.sha256(trailers).hexdigest())

    def _sign(self, kind: str, hashed: str) -> str:
        to_sign = f"{kind}\n{self._dated}\n{self._previous}\n{hashed}"
        self._previous = hmac.digest(self._key, to_sign.encode(), "sha256").hex()
        return self._previous


def unchunked(
    body: bytes, signer: ChunkSigner | None, length: str | None
) -> tuple[bytes, Mapping[str, str]]:
    """The bytes that were meant, and the headers that came after them.

    Args:
        body: as received.
        signer: verifies each chunk; None if they are not signed.
        length: what the header x-amz-decoded-content-length says.

    Raises:
        SignatureMismatch: a chunk is not as signed, or there are no such chunks.
    """
    data: list[bytes] = []
    start = 0
    while True:
        end = body.find(_END, start)
        size, _, extension = body[start : max(end, start)].partition(b";")
        try:
            count = int(size, 16)
        except ValueError:
            raise _malformed("a chunk's size in hexadecimal is missing") from None
        start = end + len(_END)
        chunk = body[start : start + count]
        if signer is not None:
            _check(extension.removeprefix(b"chunk-signature="), signer.sign_chunk(chunk))
        if count == 0:
            break
        if count < 0:
            raise _malformed("a chunk's size is below zero")
        start += count
        if body[start : start + len(_END)] != _END:
            raise _malformed("a chunk does not end where its size says")
        start += len(_END)
        data.append(chunk)
    whole = b"".join(data)
    if length is not None and length != str(len(whole)):
        raise _malformed(
            f"x-amz-decoded-content-length says {length!r}, and {len(whole)} bytes came"
        )
    return whole, _trailers(body[start:], signer)


def _trailers(rest: bytes, signer: ChunkSigner | None) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in rest.split(_END):
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    signature = found.pop("x-amz-trailer-signature", None)
    if signer is not None and found:
        canonical = "".join([f"{name}:{value}\n" for name, value in found.items()])
        expected = signer.sign_trailers(canonical.encode("latin-1"))
        _check((signature or "").encode("latin-1"), expected)
    return found


def _check(signature: bytes, expected: str) -> None:
    if not hmac.compare_digest(signature, expected.encode()):
        raise SignatureMismatch("A chunk, or a header after them, is not as it was signed.")


def _malformed(what: str) -> SignatureMismatch:
    return SignatureMismatch(f"The body is not as the encoding aws-chunked has it: {what}.")

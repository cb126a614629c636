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
    """Verifies the signatures of chunks, each of which is over the one before.

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

    def check_chunk(self, data: bytes, signature: str) -> None:
        """Judge a chunk.

        Raises:
            SignatureMismatch: it is not as signed, or not the next.
        """
        hashed = hashlib.sha256(data).hexdigest()
        self._check("AWS4-HMAC-SHA256-PAYLOAD", f"{_EMPTY_HASH}\n{hashed}", signature)

    def check_trailers(self, trailers: bytes, signature: str) -> None:
        """Judge the headers after the last chunk, a line feed after each.

        Raises:
            SignatureMismatch: they are not as signed.
        """
        self._check("AWS4-HMAC-SHA256-TRAILER", hashlib.sha256(trailers).hexdigest(), signature)

    def _check(self, kind: str, hashed: str, signature: str) -> None:
        to_sign = f"{kind}\n{self._dated}\n{self._previous}\n{hashed}"
        expected = hmac.digest(self._key, to_sign.encode(), "sha256").hex()
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise SignatureMismatch(f"The string to sign of a chunk should have been\n{to_sign}")
        self._previous = expected


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
            signer.check_chunk(chunk, extension.removeprefix(b"chunk-signature=").decode("latin-1"))
        if count == 0:
            break
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
        signer.check_trailers(canonical.encode("latin-1"), signature or "")
    return found


def _malformed(what: str) -> SignatureMismatch:
    return SignatureMismatch(f"The body is not as the encoding aws-chunked has it: {what}.")

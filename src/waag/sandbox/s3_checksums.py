"""Checksums of objects: what is given is verified over the bytes that came.

CRC32C and CRC64NVME come from the library that AWS's own tools use.
Source: Amazon S3 User Guide, "Checking object integrity".
"""

import hashlib
import zlib
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from waag.sandbox.refusals import InputInvalid

PREFIX = "x-amz-checksum-"


class _Crc:
    """A running sum of one of the CRC family."""

    def __init__(self, add: Callable[[bytes, int], int], size: int) -> None:
        self._add = add
        self._size = size
        self._sum = 0

    def update(self, data: bytes) -> None:
        self._sum = self._add(data, self._sum)

    def digest(self) -> bytes:
        return self._sum.to_bytes(self._size)


def _of_library(name: str, size: int) -> _Crc:
    from awscrt import checksums  # noqa: PLC0415 - loaded when first it is needed

    return _Crc(getattr(checksums, name), size)


_ALGORITHMS: Mapping[str, Callable[[], Any]] = {
    f"{PREFIX}crc32": lambda: _Crc(zlib.crc32, 4),
    f"{PREFIX}crc32c": lambda: _of_library("crc32c", 4),
    f"{PREFIX}crc64nvme": lambda: _of_library("crc64nvme", 8),
    f"{PREFIX}sha1": lambda: hashlib.sha1(usedforsecurity=False),
    f"{PREFIX}sha256": hashlib.sha256,
}


def given_checksums(headers: Mapping[str, str]) -> dict[str, str]:
    """The checksums among headers.

    Raises:
        InputInvalid: one of them is not of its form.
    """
    found = {name: headers[name] for name in _ALGORITHMS if name in headers}
    for name, value in found.items():
        try:
            b64decode(value, validate=True)
        except NoBase64:
            raise InputInvalid("InvalidRequest", f"Value for {name} header is invalid.") from None
    return found


def verified(chunks: Iterable[bytes], expected: Mapping[str, str]) -> Iterable[bytes]:
    """The same bytes.

    Raises:
        InputInvalid: after the last of them, if they have another checksum.
    """
    sums = {name: _ALGORITHMS[name]() for name in expected}
    for chunk in chunks:
        for each in sums.values():
            each.update(chunk)
        yield chunk
    for name, each in sums.items():
        found = b64encode(each.digest()).decode()
        if found != expected[name]:
            raise InputInvalid(
                "BadDigest",
                f"The {name.removeprefix(PREFIX).upper()} you specified did not match the "
                "calculated checksum.",
                why=f"{name} is {expected[name]!r}; that of the bytes is {found!r}.",
            )


def check_md5(headers: Mapping[str, str], body: bytes) -> None:
    """Judge the header Content-MD5.

    Raises:
        InputInvalid: it is not that of the body.
    """
    given = headers.get("content-md5")
    if given is None:
        return
    found = b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    if found != given:
        raise InputInvalid(
            "BadDigest", "The Content-MD5 you specified did not match what we received."
        )

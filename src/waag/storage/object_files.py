"""Objects as plain files: written aside, synced, and given their name in one step.

`objects/ACCOUNT/BUCKET/KEY`, the key percent-encoded, so that a slash is %2F; one too long for a
file's name is named by its hash. What is known of an object beside its bytes lies in the ledger.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import msgspec

from waag.domain.refusals import StoreUnavailable
from waag.ports import RandomBytes

_NAME_BYTES_MAX = 240
_SAFE = "-_.~ ()!',;=+@"
_CHUNK = 1024 * 1024


class Written(msgspec.Struct, frozen=True):
    """A file that is whole and on disk, and has no name yet.

    Attributes:
        stamp: its time of change, which it keeps.
        md5: of its bytes, in hexadecimal.
    """

    path: Path
    size: int
    stamp: int
    md5: str


class ObjectFiles:
    """The files below one folder; made when first something is written.

    Args:
        folder: nobody else's.
        random_bytes: for names of files that are on their way.

    Raises:
        StoreUnavailable: from any call; a file could not be written.
    """

    def __init__(self, folder: Path, random_bytes: RandomBytes) -> None:
        self._folder = folder
        self._incoming = folder / ".incoming"
        self._uploads = folder / ".uploads"
        self._random_bytes = random_bytes
        shutil.rmtree(self._incoming, ignore_errors=True)  # what a crash had left on its way

    def write(self, chunks: Iterable[bytes]) -> Written:
        """Write a file aside; whatever raises while the chunks come leaves nothing behind."""
        path = self._incoming / self._random_bytes(16).hex()
        try:
            _make_folder(self._incoming)
            try:
                return _write(path, chunks)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _unavailable(path, error) from error

    def name_object(self, written: Written, account_id: str, bucket: str, key: str) -> None:
        """Give a file the name of an object; on disk when this returns."""
        self._name(written, self.object(account_id, bucket, key))

    def name_part(self, written: Written, upload: str, number: int) -> None:
        """Give a file the name of a part of an upload; on disk when this returns."""
        self._name(written, self.part(upload, number))

    def object(self, account_id: str, bucket: str, key: str) -> Path:
        """Where an object lies."""
        return self._folder / account_id / bucket / _file_name(key)

    def part(self, upload: str, number: int) -> Path:
        """Where a part of an upload lies."""
        return self._uploads / upload / str(number)

    def remove_parts(self, upload: str) -> None:
        """Remove what was uploaded in parts."""
        shutil.rmtree(self._uploads / upload, ignore_errors=True)

    def remove_bucket(self, account_id: str, bucket: str) -> None:
        """Remove a bucket's folder with all that is in it."""
        shutil.rmtree(self._folder / account_id / bucket, ignore_errors=True)

    def _name(self, written: Written, path: Path) -> None:
        try:
            _make_folder(path.parent)
            written.path.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            raise _unavailable(path, error) from error


def chunks_of(*files: BinaryIO) -> Iterable[bytes]:
    """The bytes of files, one after another; each is closed at its end."""
    for file in files:
        with file:
            while chunk := file.read(_CHUNK):
                yield chunk


def chunks_of_paths(paths: Sequence[Path]) -> Iterable[bytes]:
    """The bytes of files by their paths, opened one after another."""
    for path in paths:
        yield from chunks_of(path.open("rb"))


def md5_of(path: Path) -> str:
    """The MD5 of a file, in hexadecimal: an ETag, no proof of anything."""
    found = hashlib.md5(usedforsecurity=False)
    for chunk in chunks_of_paths([path]):
        found.update(chunk)
    return found.hexdigest()


def _write(path: Path, chunks: Iterable[bytes]) -> Written:
    found = hashlib.md5(usedforsecurity=False)
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
            found.update(chunk)
        file.flush()
        os.fsync(file.fileno())
        status = os.fstat(file.fileno())
    return Written(path, status.st_size, status.st_mtime_ns, found.hexdigest())


def _file_name(key: str) -> str:
    name = quote(key, safe=_SAFE)
    if len(name) > _NAME_BYTES_MAX:
        return f"%{hashlib.sha256(key.encode()).hexdigest()}"
    return f"%{ord(name[0]):02X}{name[1:]}" if name.startswith(".") else name


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it; each is on disk before anything is put into it."""
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unavailable(path: Path, error: OSError) -> StoreUnavailable:
    return StoreUnavailable(f"{error.filename or path}: {error.strerror}; nothing was stored.")

"""The data directory: one owner at a time, and the secrets beside the ledger.

Nothing but the operating system's lock says who owns it, so a process that was killed leaves no
lock behind.
"""

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from waag.domain.refusals import Refusal

LEDGER = "ledger.sqlite"
_LOCK = "lock"
_SECRET_KEY = "secret-key"  # noqa: S105 - a file's name
OPERATOR_TOKEN = "operator-token"  # noqa: S105 - a file's name
_KEY_BYTES = 32


class DataDirectoryRefused(Refusal):
    """The data directory cannot be used, and was left as it was."""

    rule = "data-directory"


class DataDirectory:
    """A folder that one Waag process owns while it runs.

    Raises:
        DataDirectoryRefused: another process owns it, or it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with _refusing(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                self._own()
            except BaseException:
                self.release()
                raise

    def _own(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.pread(self._lock, 20, 0).decode(errors="replace").strip() or "unknown"
            raise DataDirectoryRefused(
                f"{self.path} is in use by another Waag (process {owner}). Stop that one, or give "
                "this one a directory of its own with --data."
            ) from error
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)
        # SQLite gives its other files the mode of this one; an empty file is a new database.
        self.ledger.touch(mode=0o600)

    @property
    def ledger(self) -> Path:
        """The database's file."""
        return ledger_in(self.path)

    def secret_key(self, random_bytes: Callable[[int], bytes]) -> bytes:
        """The 32 bytes that secrets are encrypted with; made at first use, mode 0600."""
        self._kept(_SECRET_KEY, lambda: random_bytes(_KEY_BYTES))
        return secret_key_in(self.path)

    def operator_token(self, random_bytes: Callable[[int], bytes]) -> str:
        """The bearer token of the admin API; made at first use, mode 0600."""
        kept = self._kept(OPERATOR_TOKEN, lambda: random_bytes(24).hex().encode())
        token = kept.decode(errors="replace").strip()
        if not token:
            raise DataDirectoryRefused(
                f"{self.path / OPERATOR_TOKEN} is empty. Write a token into it, or delete it for a "
                "new one to be made."
            )
        return token

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        path = self.path / name
        with _refusing(path):
            if not path.exists():
                _write_whole(path, make())
            return path.read_bytes()

    def release(self) -> None:
        """Let another process own the directory."""
        os.close(self._lock)


def ledger_in(path: Path) -> Path:
    """The database's file in a data directory, for whoever reads beside its owner."""
    return path / LEDGER


def secret_key_in(path: Path) -> bytes:
    """The 32 bytes that secrets are encrypted with, which the owner has made.

    Raises:
        DataDirectoryRefused: not there, not readable, or of another length.
    """
    file = path / _SECRET_KEY
    with _refusing(file):
        key = file.read_bytes()
    if len(key) != _KEY_BYTES:
        raise DataDirectoryRefused(
            f"{file} has {len(key)} bytes, not {_KEY_BYTES}: without the key that was used the "
            "stored credentials cannot be read."
        )
    return key


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file aside and rename it, so that a crash leaves either no file or a whole one."""
    aside = path.with_name(f"{path.name}.new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name, too, is on disk before anything depends on the file
    finally:
        os.close(folder)


@contextmanager
def _refusing(path: Path) -> Generator[None]:
    """Turn what the operating system refuses into a sentence that names the file."""
    try:
        yield
    except OSError as error:
        raise DataDirectoryRefused(f"{error.filename or path}: {error.strerror}.") from error

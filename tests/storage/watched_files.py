"""A SQLite file system that says what is written and synced, and holds or fails a sync."""

import threading
from typing import Any

import apsw

DEADLINE = 30


class WatchedFiles(apsw.VFS):
    """The operating system's files, watched; registered with SQLite under `name` until closed.

    Attributes:
        events: "write" and "sync" of the write-ahead log, in order, and what a test adds.
        failing: whether a sync fails.
        syncing: set once a sync has begun.
        passing: a sync waits for this.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, "")
        self.name = name
        self.events: list[str] = []
        self.failing = False
        self.syncing = threading.Event()
        self.passing = threading.Event()
        self.passing.set()

    def xOpen(self, name: Any, flags: Any) -> apsw.VFSFile:  # noqa: N802 - SQLite names it
        """Open a file; the log's is watched."""
        if flags[0] & apsw.SQLITE_OPEN_WAL:
            return _WatchedLog(self, name, flags)
        return super().xOpen(name, flags)


class _WatchedLog(apsw.VFSFile):
    def __init__(self, files: WatchedFiles, name: Any, flags: Any) -> None:
        super().__init__("", name, flags)
        self._files = files

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._files.events.append("write")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._files.syncing.set()
        assert self._files.passing.wait(DEADLINE)
        if self._files.failing:
            raise apsw.IOError("the disk is gone")
        super().xSync(flags)
        self._files.events.append("sync")

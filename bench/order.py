"""The proof, from outside, that a reply comes after the sync of its record to disk.

The server runs under strace. For each call, sent only when the one before has long been answered,
the trace must show: the request read, a sync of the ledger's write-ahead log returned without
error, the reply written. The order of the trace is the order of the system calls.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from conditions import Figures, Setting, send_new
from servers import waag_on_copy

CALLS = 200
CALLS_PER_SECOND = 40.0
"""Slow enough that a sync that came late would not be taken for the next call's."""

PATIENCE_SECONDS = 60
_CALLS_TRACED = "fsync,fdatasync,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg"
_TCP = r"\(\d+<(?:TCP|socket)[^\"]*"
_READ = re.compile(r"(?:read|readv|recvfrom|recvmsg)" + _TCP + r'"POST / HTTP/1\.1')
_SYNCED = re.compile(r"(?:fsync|fdatasync)\(\d+<[^>]*-wal>\) += 0$")
_REPLY = re.compile(r"(?:write|writev|sendto|sendmsg)" + _TCP + r'"HTTP/1\.1 200')
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)")
_UNFINISHED = " <unfinished ...>"


def measure(setting: Setting) -> Figures:
    """How many replies there were, and how many came after the sync; nothing without strace."""
    if not _can_trace():
        setting.notes.append("That replies come after the fsync was not checked: no strace here.")
        return {}
    trace = setting.folder / "trace"
    # As a detached grandchild (-D) the tracer leaves the server the process that was started.
    strace = ("strace", "-D", "-f", "-yy", "-o", str(trace), "-e", f"trace={_CALLS_TRACED}")
    with waag_on_copy(setting.prepared, under=strace) as server:
        send_new(
            server,
            count=CALLS,
            records_per_call=1,
            connections=1,
            calls_per_second=CALLS_PER_SECOND,
        )
    _wait_for_end(trace, server.pid)
    replies, after_sync = in_order(trace.read_text(errors="replace").splitlines())
    if replies != CALLS:
        raise RuntimeError(f"the trace shows {replies} replies to {CALLS} calls")
    setting.notes.append(
        f"{after_sync} of {replies} replies came after the fsync, by strace of all the server's "
        "processes."
    )
    return {"after fsync": [after_sync], "replies": [replies]}


def in_order(trace: Iterable[str]) -> tuple[int, int]:
    """How many replies a trace shows, and how many of them with a sync since the request."""
    begun: dict[str, str] = {}
    replies = after_sync = 0
    asked = synced = False
    for line in trace:
        thread, _, call = line.partition(" ")
        call = call.strip()
        if resumed := _RESUMED.match(call):
            call = begun.pop(thread, "") + resumed[1]
        elif asked and _REPLY.match(call):
            replies += 1
            after_sync += synced
            asked = False
        if call.endswith(_UNFINISHED):
            begun[thread] = call.removesuffix(_UNFINISHED)
        elif _READ.match(call):
            asked, synced = True, False
        elif _SYNCED.match(call):
            synced = True
    return replies, after_sync


def _can_trace() -> bool:
    """Whether strace is there and may trace."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], check=False).returncode == 0


def _wait_for_end(trace: Path, pid: int) -> None:
    """Wait until the tracer, which nobody can wait for, has written the last line."""
    last = re.compile(rf"^{pid} +\+\+\+ exited", re.MULTILINE)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not last.search(trace.read_text(errors="replace")):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{trace} does not show that the server ended")
        time.sleep(0.05)

"""A server with all the processes it starts: begun and ended, their memory and processor time.

Reads Linux's /proc; knows nothing of what the processes do.
"""

import os
import signal
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
STOP_SECONDS = 60
KIB_PER_MIB = 1024
_IDLE_FIELDS = slice(4, 6)  # idle and iowait, counted from the line's name
_CPU_FIELDS = slice(11, 13)  # utime and stime, counted from the state


@contextmanager
def running(
    command: Sequence[str], output: int = subprocess.PIPE, errors: int | None = None
) -> Generator[subprocess.Popen[str]]:
    """A process; told to stop when the block ends, and all that it started with it.

    Raises:
        RuntimeError: it left a process behind.
    """
    process = subprocess.Popen(command, stdout=output, stderr=errors, text=True)
    try:
        yield process
    finally:
        started = _tree(process.pid)
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()
        if left := _left_behind(started[1:]):
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            raise RuntimeError(f"{command} left processes behind: {left}")


def memory_mib(pid: int) -> float:
    """The resident memory of a process and its descendants, pages they share counted once (PSS)."""
    kib = 0
    for each in _tree(pid):
        lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        kib += int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return kib / KIB_PER_MIB


def cpu_seconds(pid: int) -> dict[str, float]:
    """The processor time so far of a process and its descendants, user and system, by role.

    A process's first thread and its other ones are told apart.
    """
    roles: dict[str, float] = {}
    for place, each in enumerate(_tree(pid)):
        role = f"front {place}" if place else "keeper"
        whole = _cpu(Path(f"/proc/{each}/stat"))
        first_thread = _cpu(Path(f"/proc/{each}/task/{each}/stat"))
        roles[f"{role}, first thread"] = first_thread
        roles[f"{role}, other threads"] = whole - first_thread
    return roles


def idle_seconds() -> float:
    """How long the cores have had nothing to do so far, or have waited for the disk, added up."""
    ticks = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return sum(map(int, ticks[_IDLE_FIELDS])) / TICKS


def _tree(pid: int) -> list[int]:
    """A process and its descendants, each after its parent."""
    tree = [pid]
    for each in tree:  # grows as it goes
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(FileNotFoundError, ProcessLookupError):  # that thread has just ended
                tree += map(int, children.read_text().split())
    return tree


def _cpu(stat: Path) -> float:
    return sum(map(int, _stat(stat)[_CPU_FIELDS])) / TICKS


def _stat(stat: Path) -> list[str]:
    """The fields after the name, which may hold spaces; the state is the first."""
    return stat.read_text().rpartition(")")[2].split()


def _left_behind(pids: Sequence[int]) -> list[int]:
    """Those still running a while after their parent ended."""
    deadline = time.monotonic() + STOP_SECONDS
    left = [pid for pid in pids if _runs(pid)]
    while left and time.monotonic() < deadline:
        time.sleep(0.01)
        left = [pid for pid in left if _runs(pid)]
    return left


def _runs(pid: int) -> bool:
    try:
        return _stat(Path(f"/proc/{pid}/stat"))[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False

"""What every round measures: ours and the peer or limit, one after the other, on the same disk.

Each measurement returns its figures by name; rows.py says what they are set against.
"""

import os
import shutil
from functools import partial

import limits
import load
import processes
import signed_calls
from conditions import (
    CALLS,
    MOTO_CALLS,
    MOTO_CONNECTIONS,
    WALK,
    Setting,
    checked,
    send_new,
)
from servers import Server, moto, waag, waag_on_copy

AGAIN_CALLS = 2_500
PACED_SHARE = 0.8
LONE_CALLS = 1_000
CPU = "cpu, "
"""Begins the names of figures that say what took a call's processor time."""


def start(setting: Setting) -> dict[str, float]:
    """A new data directory: the time to be ready, the memory then."""
    data = setting.folder / "new"
    with waag(data) as server:
        figures = {
            "ready": server.ready_seconds,
            "ready memory": processes.memory_mib(server.pid),
        }
    shutil.rmtree(data)
    return figures


def peak(setting: Setting) -> dict[str, float]:
    """New records as fast as they are taken, the same ones again, then at a share of that pace."""
    with waag_on_copy(setting.prepared) as server:
        new, shares = _with_cpu(server)
        again = send_new(server, count=AGAIN_CALLS)
    with waag_on_copy(setting.prepared) as server:
        paced = send_new(server, calls_per_second=PACED_SHARE * new.calls_per_second)
    return {
        "new": new.calls_per_second,
        "new records": new.calls_per_second * signed_calls.RECORDS_PER_CALL,
        "again": again.calls_per_second,
        "paced p99": paced.percentile(0.99) * 1e3,
        **shares,
    }


def _with_cpu(server: Server) -> tuple[load.Load, dict[str, float]]:
    """New records, and the microseconds of processor time that each call took, by who took it."""
    before = processes.cpu_seconds(server.pid)
    new = send_new(server)
    seconds = {
        role: after - before.get(role, 0.0)
        for role, after in processes.cpu_seconds(server.pid).items()
    }
    seconds["load generator"] = new.cpu_seconds
    seconds["idle, or waiting for the disk"] = new.idle_seconds
    whole = new.seconds * (os.cpu_count() or 1)
    rest = whole - sum(seconds.values())
    seconds["the system's own threads, other programs"] = max(rest, 0.0)
    return new, {CPU + role: each / CALLS * 1e6 for role, each in seconds.items()}


def one_process(setting: Setting) -> dict[str, float]:
    """New records, all the work in one process; nothing where this Waag has no choice."""
    if not setting.fronts:
        return {}
    with waag_on_copy(setting.prepared, "--fronts", "0") as server:
        return {"one process": send_new(server).calls_per_second}


def single(setting: Setting) -> dict[str, float]:
    """Calls of one record: many at a time, and one after the other beside the disk's sync."""
    with waag_on_copy(setting.prepared) as server:
        many = send_new(server, records_per_call=1)
    with waag_on_copy(setting.prepared) as server:
        lone = send_new(server, count=LONE_CALLS, records_per_call=1, connections=1)
    fsync = limits.fsync_seconds(setting.folder / "fsync")
    return {
        "single": many.calls_per_second,
        "lone p50": lone.percentile(0.5) * 1e3,
        "fsync": fsync * 1e3,
    }


def peer(setting: Setting) -> dict[str, float]:
    """Moto's server, given the same calls."""
    with moto(setting.moto) as port:
        sign = partial(signed_calls.calls, WALK, MOTO_CALLS, f"127.0.0.1:{port}")
        status = load.Expected(b'"CustomerNotSubscribed"', signed_calls.RECORDS_PER_CALL)
        answered = checked(load.send(port, sign, MOTO_CONNECTIONS, status))
    return {"moto": answered.calls_per_second}


def limit(setting: Setting) -> dict[str, float]:
    """The bare loop."""
    return {"limit records": limits.inserts_per_second(setting.folder / "limit.sqlite")}


MEASUREMENTS = {
    "start": start,
    "peak": peak,
    "one-process": one_process,
    "single": single,
    "peer": peer,
    "limit": limit,
}
"""What a round is made of, in this order."""

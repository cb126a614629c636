"""`make bench`: Waag beside its named peer and its limit, in turn, in one run.

Prints a table of ratios with the conditions they were measured under, and writes it to
docs/performance.md. Every request is really signed and new; every reply is checked.
"""

import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import apsw
import urllib3
import uvloop
from rich.console import Console
from rich.table import Table

import load
import signed_calls
from waag import __version__
from waag.domain.instants import HOUR, SECOND
from waag.storage.database import open_database, transaction
from waag.storage.queries import query_many

ROOT = Path(__file__).parents[1]
ROUNDS = 5
CONNECTIONS = 64
CALLS = 6_000
MOTO_CALLS = 600
LONE_CALLS = 1_000
LIMIT_GROUP = 2_500
PACED_SHARE = 0.8
FSYNCS = 500
KIB = 1024


class Row(NamedTuple):
    """One line of the table: a ratio for each round, and what it is a ratio of."""

    name: str
    goal: str
    ratios: Sequence[float]
    ours: str
    other: str


class Server(NamedTuple):
    """A running Waag."""

    port: int
    ready_seconds: float
    ready_kib: int


def main() -> int:
    """Measure everything, print it, write it down."""
    moto = os.environ.get("WAAG_MOTO", "")
    if not Path(moto).is_file():
        print("WAAG_MOTO must name moto's server: use `make bench`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache", prefix="bench-") as folder:
        rounds = [_round(Path(folder) / str(number), moto) for number in range(ROUNDS)]
    rows = _rows(rounds)
    conditions = _conditions()
    _print(rows, conditions)
    (ROOT / "docs/performance.md").write_text(_document(rows, conditions), encoding="utf-8")
    return 0


def _round(folder: Path, moto: str) -> dict[str, float]:
    """One round: ours and the others, one after the other, on the same disk."""
    folder.mkdir()
    (folder / "market.yaml").write_text(
        signed_calls.market(signed_calls.customers_needed(CALLS * signed_calls.RECORDS_PER_CALL))
    )
    with _waag(folder, "batches") as server:
        calls = signed_calls.calls(CALLS, f"127.0.0.1:{server.port}")
        batches = _checked(load.send(server.port, calls, CONNECTIONS))
        again = _checked(load.send(server.port, calls[: CALLS // 4], CONNECTIONS))
    with _waag(folder, "paced") as server:
        calls = signed_calls.calls(CALLS, f"127.0.0.1:{server.port}")
        pace = PACED_SHARE * batches.calls_per_second
        paced = _checked(load.send(server.port, calls, CONNECTIONS, calls_per_second=pace))
    with _waag(folder, "lone") as server:
        calls = signed_calls.calls(LONE_CALLS, f"127.0.0.1:{server.port}", records_per_call=1)
        lone = _checked(load.send(server.port, calls, 1))
    with _moto(moto) as port:
        calls = signed_calls.calls(MOTO_CALLS, f"127.0.0.1:{port}")
        peer = load.send(port, calls, 8, expected=b"CustomerNotSubscribed")
    return {
        "calls/s": batches.calls_per_second,
        "paced p99": paced.percentile(0.99),
        "again/s": again.calls_per_second,
        "lone p50": lone.percentile(0.5),
        "moto calls/s": _checked(peer).calls_per_second,
        "limit records/s": _limit(folder / "limit.sqlite"),
        "fsync": _fsync(folder / "fsync"),
        "ready": server.ready_seconds,
        "ready MiB": server.ready_kib / KIB,
    }


def _rows(rounds: Sequence[dict[str, float]]) -> list[Row]:
    def each(ratio: Callable[[dict[str, float]], float]) -> list[float]:
        return [ratio(measured) for measured in rounds]

    def middle(name: str) -> float:
        return statistics.median(measured[name] for measured in rounds)

    per_call = signed_calls.RECORDS_PER_CALL
    return [
        Row(
            "calls of 25 new records, against moto's server",
            "≥ 30",
            each(lambda m: m["calls/s"] / m["moto calls/s"]),
            f"{middle('calls/s'):,.0f} calls/s",
            f"{middle('moto calls/s'):,.0f} calls/s",
        ),
        Row(
            "records, against a bare loop inserting the same rows",
            "≥ 0.70",
            each(lambda m: m["calls/s"] * per_call / m["limit records/s"]),
            f"{middle('calls/s') * per_call:,.0f} records/s",
            f"{middle('limit records/s'):,.0f} records/s",
        ),
        Row(
            "one call of one record on an idle server (p50), against an fsync",
            "≤ 4",
            each(lambda m: m["lone p50"] / m["fsync"]),
            f"{middle('lone p50') * 1e3:.2f} ms",
            f"{middle('fsync') * 1e3:.2f} ms",
        ),
        Row(
            "slowest of a hundred calls (p99) at 80 % of the peak, against 50 ms",
            "≤ 1",
            each(lambda m: m["paced p99"] / 0.050),
            f"{middle('paced p99') * 1e3:.1f} ms",
            "50 ms",
        ),
        Row(
            "the same calls again (the duplicate path), against new ones",
            "",
            each(lambda m: m["again/s"] / m["calls/s"]),
            f"{middle('again/s'):,.0f} calls/s",
            f"{middle('calls/s'):,.0f} calls/s",
        ),
        Row(
            "start to ready, against a second",
            "≤ 1",
            each(lambda m: m["ready"]),
            f"{middle('ready'):.2f} s",
            "1 s",
        ),
        Row(
            "resident memory when ready, against 120 MiB",
            "≤ 1",
            each(lambda m: m["ready MiB"] / 120),
            f"{middle('ready MiB'):.0f} MiB",
            "120 MiB",
        ),
    ]


@contextmanager
def _waag(folder: Path, name: str) -> Generator[Server]:
    """A Waag of its own with the bench's market, its clock standing still."""
    data = folder / name
    started = time.perf_counter()
    serve = [sys.executable, "-m", "waag", "serve", "--port", "0", "--data", str(data)]
    with _process(serve) as process:
        assert process.stdout is not None
        endpoint = process.stdout.readline().split()[-1]
        urllib3.request("GET", f"{endpoint}/healthz")
        ready_seconds = time.perf_counter() - started
        ready_kib = _resident_kib(process.pid)
        token = (data / "operator-token").read_text()
        _ask(endpoint, token, "/market", (folder / "market.yaml").read_bytes())
        now = json.dumps({"mode": "frozen", "now": signed_calls.NOW.isoformat()})
        _ask(endpoint, token, "/clock", now.encode())
        yield Server(int(endpoint.rsplit(":", 1)[1]), ready_seconds, ready_kib)


@contextmanager
def _moto(program: str) -> Generator[int]:
    """Moto's server, the peer."""
    port = _free_port()
    with _process([program, "-H", "127.0.0.1", "-p", str(port)], subprocess.DEVNULL):
        # It says nothing on being ready: connect until it answers.
        patience = urllib3.Retry(total=200, connect=200, backoff_factor=0.02, backoff_max=0.2)
        urllib3.request("GET", f"http://127.0.0.1:{port}/moto-api/", retries=patience)
        yield port


@contextmanager
def _process(
    command: Sequence[str], output: int = subprocess.PIPE
) -> Generator[subprocess.Popen[str]]:
    """A process; ended when the block ends."""
    process = subprocess.Popen(
        command, stdout=output, stderr=subprocess.DEVNULL, text=True, env=os.environ
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _ask(endpoint: str, token: str, path: str, body: bytes) -> None:
    answer = urllib3.request(
        "PUT",
        f"{endpoint}/admin/v1{path}",
        body=body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=600,
    )
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.data.decode()}")


def _checked(measured: load.Load) -> load.Load:
    if measured.refused:
        raise RuntimeError(f"{measured.refused} calls were not answered as expected")
    return measured


def _limit(path: Path) -> float:
    """Records a second of one writer that inserts the bench's rows and does nothing else."""
    records = CALLS * signed_calls.RECORDS_PER_CALL
    customers = signed_calls.customers_needed(records)
    rows = [
        (
            1,
            int(str(record["Timestamp"])) * SECOND // HOUR,
            "us-east-1",
            int(str(record["CustomerIdentifier"])[4:]),
            0,
            int(str(record["Dimension"]).rsplit("-", 1)[1]),
            "",
            int(str(record["Quantity"])),
            int(str(record["Timestamp"])) * SECOND,
            1,
            os.urandom(16),
            0,
            None,
        )
        for record in islice(signed_calls.records(customers), records)
    ]
    connection = open_database(path)
    started = time.perf_counter()
    for start in range(0, records, LIMIT_GROUP):
        with transaction(connection):
            query_many(connection, "insert_usage", rows[start : start + LIMIT_GROUP])
    seconds = time.perf_counter() - started
    connection.close()
    return records / seconds


def _fsync(path: Path) -> float:
    """Seconds that the machine takes to write 4 KiB and sync them, the median of many."""
    times: list[float] = []
    with path.open("wb", buffering=0) as file:
        for _ in range(FSYNCS):
            started = time.perf_counter()
            file.write(bytes(4 * KIB))
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    return statistics.median(times)


def _resident_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def _conditions() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"{ROUNDS} rounds on {os.cpu_count()} cores ({model}), load generator included; "
        f"{CONNECTIONS} connections, each with one call under way; {CALLS:,} calls of "
        f"{signed_calls.RECORDS_PER_CALL} records a round (moto: {MOTO_CALLS} over 8 connections); "
        f"every request signed and new, every reply checked. Waag {__version__}, Python "
        f"{platform.python_version()}, SQLite {apsw.sqlite_lib_version()}, uvloop "
        f"{uvloop.__version__}; {platform.system()} {platform.release()}."
    )


def _cells(row: Row) -> tuple[str, ...]:
    low, middle, high = min(row.ratios), statistics.median(row.ratios), max(row.ratios)
    return (row.name, row.goal, f"{middle:.2f}", f"{low:.2f} to {high:.2f}", row.ours, row.other)


HEADINGS = ("what", "goal", "ratio (median)", "least to most", "Waag", "the other")


def _print(rows: Sequence[Row], conditions: str) -> None:
    table = Table(*HEADINGS)
    for row in rows:
        table.add_row(*_cells(row))
    console = Console(width=160)
    console.print(table)
    console.print(conditions)


def _document(rows: Sequence[Row], conditions: str) -> str:
    lines = [f"| {' | '.join(HEADINGS)} |", "|" + "---|" * len(HEADINGS)]
    lines += [f"| {' | '.join(_cells(row))} |" for row in rows]
    return (
        "# Performance\n\nWritten by `make bench`. Every figure is a ratio measured in one run, "
        "the two sides in turn; absolute figures are medians and hold for the machine below.\n\n"
        + "\n".join(lines)
        + f"\n\nConditions: {conditions}\n"
    )


if __name__ == "__main__":
    sys.exit(main())

"""A year of business made up on an empty data directory, every month closed on the way."""

import json
import shutil
import subprocess
import sys
import time

import processes
from conditions import Figures, Setting
from servers import waag

MONTHS, CUSTOMERS, SEED = 12, 1_000, 1


def measure(setting: Setting) -> Figures:
    """The seconds from the command to its answer, beside them the server's processor time."""
    data = setting.folder / "simulated"
    with waag(data) as server:
        command = [sys.executable, "-m", "waag", "simulate", "--json", f"--seed={SEED}"]
        command += [f"--months={MONTHS}", f"--customers={CUSTOMERS}", f"--data={data}"]
        command += [f"--endpoint=http://{server.host}"]
        before = sum(processes.cpu_seconds(server.pid).values())
        started = time.perf_counter()
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - started
        processor = sum(processes.cpu_seconds(server.pid).values()) - before
    shutil.rmtree(data)
    records = json.loads(ran.stdout)["usage_records"]
    setting.notes.append(
        f"The {MONTHS} months of {CUSTOMERS:,} customers were {records:,} usage records, reported, "
        f"rated and billed; the server's processes took {processor:.0f} s of processor time for it."
    )
    return {"simulated year": [seconds]}

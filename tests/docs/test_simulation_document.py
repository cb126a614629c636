"""docs/simulation.md: its commands run."""

import re
import subprocess
import sys
from pathlib import Path

from server import live_server
from waag.config import Settings

DOCUMENT = Path(__file__).parents[2] / "docs/simulation.md"


def test_its_commands_run(tmp_path):
    """One after another, on an empty data directory; the last one leaves a file."""
    (block,) = re.findall(r"^```sh\n(.*?)^```", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    with live_server(Settings(data=tmp_path / "data")) as server:
        where = {"WAAG_ENDPOINT": server.endpoint, "WAAG_DATA": str(server.data)}
        ran = subprocess.run(
            ["bash", "-euc", block.replace("waag ", f"{sys.executable} -m waag ")],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path), **where},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "february.csv").read_text().startswith("AllocatedMethodDetails,")

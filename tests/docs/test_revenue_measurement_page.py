"""The example of docs/revenue-measurement.md runs, and prints what the page says it prints."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from server import live_server
from waag.config import Settings

PAGE = (Path(__file__).parents[2] / "docs/revenue-measurement.md").read_text()
EXAMPLES = re.findall(
    r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize(("program", "printed"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example(tmp_path, program, printed):
    """On a server of its own, with the clock where the page puts it."""
    with live_server(Settings(data=tmp_path / "data")) as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-11-21T10:00:00Z"})
        ran = subprocess.run(
            [sys.executable, "-c", program.replace("http://127.0.0.1:8686", server.endpoint)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert (ran.stdout, ran.stderr) == (printed, "")

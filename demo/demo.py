"""Start a Waag, play on it what the modules beside this play, stop it.

Each step prints what was sent and what came back; the exit code is 0 only if every answer was the
expected one.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from customers_life import live
from meter_usage import Demo, meter, waag_command
from month_end import close_and_report
from revenue import attribute

STOP_SECONDS = 30


def main() -> int:
    """Run the demonstration on a server of its own; leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="waag-demo-") as folder:
        data = Path(folder) / "data"
        server = subprocess.Popen(
            [*waag_command(), "serve", "--port", "0", "--data", data],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        try:
            assert server.stdout is not None
            announced = server.stdout.readline().split()
            if not announced:
                return 1  # it has said why on standard error
            demo = Demo(announced[-1], data)
            meter(demo)
            live(demo)
            attribute(demo)
            close_and_report(demo)
            demo.show()
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)
    return 1 if demo.failures else 0


if __name__ == "__main__":
    sys.exit(main())

"""Commands as they are typed, and what they print."""

import os
from typing import NamedTuple

from click.testing import CliRunner

from waag.cli import main


class Ran(NamedTuple):
    """How a command ended."""

    exit_code: int
    stdout: str
    stderr: str


def waag(*arguments: object, **environment: str) -> Ran:
    """Run `waag` with these arguments, and no variables of its own but those given."""
    cleared = dict.fromkeys((name for name in os.environ if name.startswith("WAAG_")), None)
    result = CliRunner(catch_exceptions=False).invoke(
        main, list(map(str, arguments)), env=cleared | environment
    )
    return Ran(result.exit_code, result.stdout, result.stderr)


def waag_at(server, command: str, *arguments: object) -> Ran:
    """Run a command against a server, found by options behind the command."""
    return waag(
        *command.split(), f"--endpoint={server.endpoint}", f"--data={server.data}", *arguments
    )

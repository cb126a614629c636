"""The documents say what is: commands run, links lead somewhere, tables are complete."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Literal, get_args, get_origin

import click
import msgspec
import pytest

from server import live_server
from waag.cli import main
from waag.config import Choices, Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")) if path.name != "LICENSE"
)
OPERATING = (ROOT / "docs/operating.md").read_text()
COMPATIBILITY = (ROOT / "docs/compatibility.md").read_text()
CONTEXT = click.Context(main)


def shell_blocks(document: Path) -> list[str]:
    """The fenced blocks of shell commands, in order."""
    return re.findall(r"^```sh\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL)


def make_targets() -> list[str]:
    """Every `make TARGET` that a document shows."""
    text = "".join(block for document in DOCUMENTS for block in shell_blocks(document))
    return sorted(set(re.findall(r"^make (\w+)", text, re.MULTILINE)))


@pytest.mark.parametrize("target", make_targets())
def test_make_targets_exist(target):
    """Every make target that a document shows is one of the Makefile's."""
    make = subprocess.run(
        ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert make.returncode == 0, make.stderr


def test_commands_run(tmp_path):
    """The shell commands of three documents run in order on one server and succeed.

    The server of this test stands for the one they start, and its address for theirs; what
    installs the project is left to CI, which begins with a fresh clone.
    """
    aws_cli = os.environ.get("WAAG_AWS_CLI", "")
    assert Path(aws_cli).is_file(), "WAAG_AWS_CLI must name the AWS CLI: use `make test`"
    commands = "".join(
        block
        for document in (
            ROOT / "README.md",
            ROOT / "docs/operating.md",
            ROOT / "docs/embedded-aws.md",
        )
        for block in shell_blocks(document)
    )
    left_out = re.compile(r"^(make|python3 -m venv|pip install|waag serve)\b.*\n", re.MULTILINE)
    with live_server(Settings(data=tmp_path / "data")) as server:
        script = left_out.sub("", commands).replace("http://127.0.0.1:8686", server.endpoint)
        path = f"{Path(sys.executable).parent}:{Path(aws_cli).parent}:{os.environ['PATH']}"
        ran = subprocess.run(
            ["bash", "-euxc", script],
            cwd=tmp_path,
            env={
                "PATH": path,
                "HOME": str(tmp_path),
                "AWS_EC2_METADATA_DISABLED": "true",
                "WAAG_ENDPOINT": server.endpoint,
                "WAAG_DATA": str(server.data),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert ran.returncode == 0, ran.stderr
    assert '"Status": "Success"' in ran.stdout
    assert "17" in ran.stdout.rpartition("METERING RECORD")[2].splitlines()[1]


def relative_links() -> list[tuple[Path, str]]:
    """Every link to a file of the project."""
    return [
        (document, link)
        for document in DOCUMENTS
        for link in dict.fromkeys(re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text()))
    ]


@pytest.mark.parametrize(
    ("document", "link"), relative_links(), ids=lambda value: str(value).removeprefix(str(ROOT))
)
def test_links_lead_somewhere(document, link):
    """A link to a file of the project leads to one."""
    assert (document.parent / link).exists()


def values_of(field: msgspec.structs.FieldInfo) -> list[str]:
    """The values a choice can have, as they are written; of a number the default."""
    if get_origin(field.type) is Literal:
        return [str(value) for value in get_args(field.type)]
    if isinstance(field.type, type):
        return [each.value for each in field.type]
    return [str(field.default)]


@pytest.mark.parametrize(
    "field",
    [
        field
        for group in msgspec.structs.fields(Choices)
        for field in msgspec.structs.fields(group.type)
    ],
    ids=lambda field: field.name,
)
def test_every_choice_has_its_row(field):
    """docs/compatibility.md has a row for each choice with its values, the default first."""
    values = ", ".join(f"`{value}`" for value in values_of(field))
    assert f"| `{field.name.replace('_', '-')}` | {values} |" in COMPATIBILITY


@pytest.mark.parametrize("command", main.list_commands(CONTEXT))
def test_every_command_is_documented(command):
    """docs/operating.md names each command of the command line."""
    assert f"waag {command}" in OPERATING


SERVE = main.get_command(CONTEXT, "serve")


@pytest.mark.parametrize(
    "option",
    [
        parameter.opts[0]
        for parameter in SERVE.params
        if isinstance(parameter, click.Option) and not parameter.hidden
    ],
)
def test_every_option_of_serve_is_documented(option):
    """docs/operating.md has each option of `waag serve`."""
    assert f"`{option}" in OPERATING


def test_every_admin_call_is_documented(server):
    """docs/operating.md has each call of the admin API."""
    described = server.ask("GET", "/openapi.json")["paths"]
    paths = [path.removeprefix("/admin/v1").replace("{account}", "{id}") for path in described]
    assert [path for path in paths if f" {path}" not in OPERATING.replace("/admin/v1", "")] == []

import json
import subprocess

import pytest
from commands import waag_at

from server import MOLEN, POLDER, RESOLVER, live_server
from waag.config import Settings

MARKET = """
accounts:
  - id: "300000000001"
    name: Sluis
    kind: seller
    principals:
      - user: ci
        access_key_id: AKIASLUIS00000000001
        secret_access_key: it's "$HOME" `id` \\
        policies: []
"""
MISTAKEN = """
accounts:
  - {id: "300000000003", name: Good, kind: seller}
  - {id: "300000000004", name: Odd, kind: broker}
"""


@pytest.fixture
def market_server(tmp_path):
    """A server of this test's own, for its market to be changed."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        yield running


@pytest.fixture
def file(tmp_path):
    """A market file with one account."""
    path = tmp_path / "sluis.yaml"
    path.write_text(MARKET)
    return path


class TestApply:
    """`waag apply`."""

    def test_says_how_much_it_changed(self, market_server, file):
        """Entries are counted."""
        ran = waag_at(market_server, f"apply {file}")
        assert ran == (0, "1 added, 0 changed, 0 as before\n", "")

    def test_says_so_as_json(self, market_server, file):
        """What the admin API answers, unchanged."""
        waag_at(market_server, f"apply {file}")
        ran = waag_at(market_server, f"apply {file} --json")
        assert (ran.exit_code, json.loads(ran.stdout)) == (
            0,
            {"added": 0, "changed": 0, "unchanged": 1},
        )

    def test_changes_the_market(self, market_server, file):
        """Whoever was added is known."""
        waag_at(market_server, f"apply {file}")
        found = market_server.ask("GET", "/accounts/300000000001/credentials")
        assert found["account"] == "300000000001"

    def test_a_mistake_is_told_with_its_line(self, server, file):
        """As compilers do: file, line, place and what was expected; the exit code is 1."""
        file.write_text(MISTAKEN)
        assert waag_at(server, f"apply {file}") == (
            1,
            "",
            f"Error: {file}:4: accounts[1].kind: expected one of seller, buyer, not 'broker'\n",
        )

    def test_a_file_that_is_not_there_is_wrong_usage(self, server, tmp_path):
        """The message names the file; the exit code is 2."""
        ran = waag_at(server, f"apply {tmp_path / 'none.yaml'}")
        assert (ran.exit_code, ran.stderr.splitlines()[-1]) == (
            2,
            f"Error: Invalid value for 'FILE': File '{tmp_path / 'none.yaml'}' does not exist.",
        )


def exports(access_key_id, secret_access_key, session_token):
    """Lines for a shell, where nothing needs quotes."""
    token = f"export AWS_SESSION_TOKEN={session_token}" if session_token else None
    return (
        f"export AWS_ACCESS_KEY_ID={access_key_id}\n"
        f"export AWS_SECRET_ACCESS_KEY={secret_access_key}\n"
        f"{token or 'unset AWS_SESSION_TOKEN'}\n"
    )


FIRST = {
    "principal": "polder-ci",
    "arn": "arn:aws:iam::120000000001:user/polder-ci",
    "access_key_id": POLDER[0],
    "secret_access_key": POLDER[1],
    "session_token": None,
}


class TestCredentials:
    """`waag credentials`."""

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ("120000000001", exports(*POLDER, None)),
            ("120000000001 --format env", exports(*POLDER, None)),
            ("120000000001 --principal polder-resolver", exports(*RESOLVER, None)),
            ("210000000001", exports(*MOLEN)),
            ("210000000001 --principal MeteredWorkload/i-0123456789abcdef0", exports(*MOLEN)),
        ],
    )
    def test_prints_lines_for_a_shell(self, server, arguments, expected):
        """Those of the first principal, unless one is named."""
        assert waag_at(server, f"credentials {arguments}") == (0, expected, "")

    @pytest.mark.parametrize("option", ["--format json", "--json", "--json --format env"])
    def test_prints_json(self, server, option):
        """Everything that is known of the principal."""
        ran = waag_at(server, f"credentials 120000000001 {option}")
        assert (ran.exit_code, json.loads(ran.stdout)) == (0, FIRST)

    def test_a_shell_reads_them_as_they_are(self, market_server, file):
        """Whatever a secret is made of, `eval` gives it back."""
        waag_at(market_server, f"apply {file}")
        printed = waag_at(market_server, "credentials 300000000001").stdout
        shell = subprocess.run(
            ["sh", "-c", 'eval "$1"; printf %s "$AWS_SECRET_ACCESS_KEY"', "sh", printed],
            capture_output=True,
            text=True,
            check=True,
        )
        assert shell.stdout == 'it\'s "$HOME" `id` \\'

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ("999999999999", "There is no account 999999999999."),
            ("210000000002", "Nobody signs for account 210000000002."),
            (
                "120000000001 --principal jan",
                "Account 120000000001 has no principal jan; it has polder-ci, polder-resolver.",
            ),
            (
                "210000000002 --principal jan",
                "Account 210000000002 has no principal jan; it has nobody.",
            ),
            ("a?b", "There is no account a?b."),
        ],
    )
    def test_a_refusal_is_its_sentence(self, server, arguments, message):
        """Whoever is not there is named; the exit code is 1."""
        assert waag_at(server, f"credentials {arguments}") == (1, "", f"Error: {message}\n")

    def test_another_format_is_wrong_usage(self, server):
        """The exit code is 2."""
        assert waag_at(server, "credentials 120000000001 --format xml").exit_code == 2

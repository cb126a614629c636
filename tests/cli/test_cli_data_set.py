import json

import pytest
from commands import waag_at

from built_data_sets import DAILY, EMPTY, data_sets
from sellers_aws import FIVE_ACTIONS, gate, sellers_aws
from server import live_server
from waag.config import Settings

NOW = "2026-05-14T10:20:30Z"
CONTACT = (
    "--organization=Molen Bank",
    "--given-name=Eva",
    "--surname=de Wit",
    "--telephone-number=+31 72 000 0000",
    "--email=eva@molen.example",
)


@pytest.fixture(scope="module")
def aws():
    """One AWS for all."""
    with sellers_aws() as running:
        yield running


@pytest.fixture(scope="module")
def shut(aws):
    """A gate before it."""
    with gate(aws.endpoint) as opened:
        yield opened


@pytest.fixture(scope="module")
def where(aws):
    """What the seller has enrolled with."""
    return aws.enrolled()


@pytest.fixture(scope="module")
def server(tmp_path_factory, aws, shut, where):
    """A server that delivers there."""
    settings = Settings(data=tmp_path_factory.mktemp("sets") / "data", aws_endpoint=shut.url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", aws.own[0])
        patch.setenv("AWS_SECRET_ACCESS_KEY", aws.own[1])
        with live_server(settings, data_sets()) as running:
            running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW})
            running.ask("PUT", "/market", where.market())
            yield running


def test_a_data_set_is_generated(server, where):
    """It says where the data set lies, and shows the first rows."""
    ran = waag_at(server, f"data-set generate {DAILY} 2026-05-13 --prefix a --rows 1")
    lines = ran.stdout.splitlines()
    assert (ran.exit_code, lines[0].split()[-1]) == (0, "succeeded")
    assert lines[1].split()[1] == f"s3://{where.bucket}/a/{DAILY}_2026-05-13.csv"
    assert lines[2].split()[1] == f"s3://{where.bucket}/a/{DAILY}_2026-05-13.meta.json"
    assert [line.split("  ")[0].strip() for line in lines[3:]] == [
        "Product Title",
        'Polder "Analytics", ltd',
    ]


def test_what_takes_long_is_waited_for(server, shut):
    """Until it is there."""
    turned_away = 0

    def shut_thrice(asked):
        nonlocal turned_away
        turned_away += asked.service == "s3"
        return asked.service == "s3" and turned_away <= 3

    shut.shut = shut_thrice
    ran = waag_at(server, f"data-set generate {EMPTY} 2026-05-13")
    assert (ran.exit_code, ran.stdout.splitlines()[-1]) == (
        0,
        "No rows; the file has its header alone.",
    )


def test_a_data_set_that_cannot_be_delivered(aws, server, shut, where):
    """The command fails with what has to be fixed."""
    shut.shut_for("s3")
    ran = waag_at(server, f"data-set generate {DAILY} 2026-05-13 --no-wait --json")
    shut.next_turned_away()
    aws.allow(where, *(each for each in FIVE_ACTIONS if each != "s3:PutObject"))
    shut.open()
    failed = waag_at(server, f"data-set generate {DAILY} 2026-05-13")
    aws.allow(where, *FIVE_ACTIONS)
    assert json.loads(ran.stdout)["status"] == "pending"
    assert (failed.exit_code, "s3:PutObject on arn:aws:s3:::" in failed.stderr) == (1, True)


def test_requests_are_listed(server):
    """A table, and how to go on."""
    waag_at(server, f"data-set generate {DAILY} 2026-05-12")
    ran = waag_at(server, "data-set list --limit 1")
    lines = ran.stdout.splitlines()
    assert (lines[0].split()[:3], lines[1].split()[1:5]) == (
        ["REQUEST", "STATUS", "SELLER"],
        ["succeeded", "120000000001", DAILY, "2026-05-12"],
    )
    cursor = lines[-1].removeprefix("There is more: --cursor ")
    assert json.loads(waag_at(server, f"data-set list --json --cursor {cursor}").stdout)


def test_a_preview(server):
    """Nothing is delivered."""
    ran = waag_at(server, f"data-set preview {DAILY} 2026-05-13 --json")
    assert json.loads(ran.stdout)["rows"][0] == ['Polder "Analytics", ltd', "=1+1"]
    assert waag_at(server, f"data-set preview {EMPTY} 2026-05-13").stdout == (
        "No rows; the file has its header alone.\n"
    )


@pytest.mark.parametrize("option", ["", "--json"])
def test_types_are_listed(server, option):
    """And why some cannot be had."""
    ran = waag_at(server, f"data-set types {option}")
    assert (ran.exit_code, "never published its columns" in ran.stdout) == (0, True)


def test_a_refusal_is_its_sentence(server):
    """The exit code is 1."""
    ran = waag_at(server, f"data-set generate {DAILY} 2026-05-14")
    assert ran == (
        1,
        "",
        f"Error: {DAILY} of 2026-05-14 is available from 2026-05-15T00:00:00Z on; it is "
        "2026-05-14T10:20:30Z.\n",
    )


class TestContacts:
    """`waag contact`."""

    def answer(self, server, command, *arguments):
        """What a command prints as JSON."""
        return json.loads(waag_at(server, f"contact {command} --json", *arguments).stdout)

    def test_a_contact_lives(self, server):
        """It is told of, changed and deleted."""
        added = self.answer(server, "add agmt-molenvault0000001", *CONTACT)
        edited = self.answer(server, f"edit {added['id']}", "--title=CTO")
        removed = self.answer(server, f"remove {added['id']}")
        assert (edited, removed["deleted"]) == (added | {"title": "CTO"}, True)

    def test_contacts_are_listed(self, server):
        """A table, and how to go on."""
        for _ in range(2):
            shown = waag_at(server, "contact add agmt-molenanalytics001", *CONTACT).stdout
        listed = waag_at(server, "contact list --agreement agmt-molenanalytics001 --limit 1").stdout
        assert shown.splitlines()[0].split() == listed.splitlines()[0].split()
        assert listed.splitlines()[-1].startswith("There is more: --cursor ")

    def test_none_are_listed(self, server):
        """It says so."""
        ran = waag_at(server, "contact list --seller 120000000002")
        assert (ran.stdout, self.answer(server, "list --seller 120000000002")) == (
            "No support contacts.\n",
            {"support_contacts": [], "next_cursor": None},
        )

    def test_a_contact_needs_its_members(self, server):
        """What is missing is wrong usage: the exit code is 2."""
        assert waag_at(server, "contact add agmt-molenvault0000001").exit_code == 2

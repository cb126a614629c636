"""`waag enroll`: a seller enrolled, and that checked."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from commands import waag_at

from server import DIJK, live_server
from waag.config import Settings

SELLER = "120000000002"
ROLE = "MarketplaceCommerceAnalyticsRole"
POLICY = "oneClick_MarketplaceCommerceAnalyticsRole"
PERMISSIONS = [
    "sts:AssumeRole",
    "sts:ExternalId",
    "s3:GetBucketLocation",
    "s3:PutObject",
    "sns:GetTopicAttributes",
    "sns:Publish",
    "iam:GetRolePolicy",
]


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, with the demo market."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        yield running


def shown(ran):
    """The lines of a table, by words."""
    return [line.split() for line in ran.stdout.splitlines()]


def test_a_seller_enrols(server):
    """It shows what was made; again, what was there."""
    ran = waag_at(server, f"enroll {SELLER} --bucket dijk --prefix sets")
    again = waag_at(server, f"enroll {SELLER}")
    identifier = server.ask("GET", f"/enrollments/{SELLER}")["external_id"]
    lines = [
        f"Account {SELLER} has enrolled",
        f"  role         arn:aws:iam::{SELLER}:role/{ROLE} (made)",
        f"  policy       {POLICY} (made)",
        f"  external id  {identifier}",
        "  bucket       dijk (made)",
        "  prefix       sets",
        f"  topic        arn:aws:sns:us-east-1:{SELLER}:marketplace-reports-ready (made)",
    ]
    assert (ran.exit_code, ran.stdout.splitlines()) == (0, lines)
    assert again.stdout == ran.stdout.replace("(made)", "(was there)")


def test_a_refusal_is_its_sentence(server):
    """The exit code is 1."""
    assert waag_at(server, "enroll 210000000001") == (
        1,
        "",
        "Error: '210000000001' is no seller's account in this market.\n",
    )


def test_nothing_is_missing(server):
    """Every permission is ok, and the exit code is 0."""
    waag_at(server, f"enroll {SELLER}")
    ran = waag_at(server, f"enroll --check {SELLER}")
    assert (ran.exit_code, shown(ran)[1:]) == (0, [[name, "ok"] for name in PERMISSIONS])


def test_what_is_missing_is_named(server):
    """With what to do, and the exit code is 1."""
    waag_at(server, f"enroll {SELLER}")
    iam = server.client(DIJK, "iam")
    iam.delete_role_policy(RoleName=ROLE, PolicyName=POLICY)
    ran = waag_at(server, f"enroll --check {SELLER} --json")
    found = {each["permission"]: each for each in json.loads(ran.stdout)["findings"]}
    assert (ran.exit_code, found["s3:GetBucketLocation"]["found"]) == (1, "missing")
    assert "s3:GetBucketLocation on it" in found["s3:GetBucketLocation"]["why"]


def test_a_check_of_nobody(server):
    """Who has not enrolled is told how."""
    ran = waag_at(server, f"enroll --check {SELLER}")
    assert (ran.exit_code, f"`waag enroll {SELLER}` makes one." in ran.stderr) == (1, True)


def test_a_check_takes_no_names(server):
    """That is wrong usage."""
    assert waag_at(server, f"enroll --check {SELLER} --bucket b").exit_code == 2


def test_as_json(server):
    """As the admin API answers."""
    ran = waag_at(server, f"enroll {SELLER} --json")
    assert json.loads(ran.stdout)["made"] == ["bucket", "role", "policy", "topic"]


class TestAnotherAws:
    """Where Waag has no credentials of the seller's."""

    @pytest.fixture
    def delivering(self, server, tmp_path, monkeypatch):
        """A server that delivers to the first one's AWS, as the service's account there."""
        access_key_id, secret = server.keeper.embedded.service_account.credentials()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", access_key_id)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
        settings = Settings(data=tmp_path / "delivering", aws_endpoint=server.endpoint)
        with live_server(settings) as running:
            yield running

    def test_the_commands_make_it_all(self, delivering, tmp_path):
        """What is printed is run as it stands by the seller; nothing is missing then."""
        program = os.environ.get("WAAG_AWS_CLI", "")
        assert Path(program).is_file(), "WAAG_AWS_CLI must name the AWS CLI: use `make test`"
        ran = waag_at(delivering, f"enroll {SELLER}")
        before = waag_at(delivering, f"enroll --check {SELLER}")
        subprocess.run(
            ["/bin/sh", "-e"],
            input=ran.stdout,
            text=True,
            env={
                "PATH": f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(tmp_path),
                "AWS_ACCESS_KEY_ID": DIJK[0],
                "AWS_SECRET_ACCESS_KEY": DIJK[1],
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_EC2_METADATA_DISABLED": "true",
            },
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=120,
        )
        after = waag_at(delivering, f"enroll --check {SELLER}")
        assert ran.stdout.startswith(f"# Run as account {SELLER}:\naws --endpoint-url http://")
        assert (ran.exit_code, before.exit_code, after.exit_code) == (0, 1, 0)

    def test_an_aws_that_nobody_answers_for(self, tmp_path):
        """The role trusts the account of AWS Marketplace then; nothing can be known."""
        settings = Settings(data=tmp_path / "data", aws_endpoint="http://127.0.0.1:9")
        with live_server(settings) as alone:
            ran = waag_at(alone, f"enroll {SELLER}")
            check = waag_at(alone, f"enroll --check {SELLER}")
        assert "arn:aws:iam::452565589796:root" in ran.stdout
        assert (check.exit_code, {line[1] for line in shown(check)[1:] if ":" in line[0]}) == (
            1,
            {"unknown"},
        )

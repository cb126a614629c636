"""Data sets on a real S3 server that is not moto's: rclone's, which verifies every signature."""

import json
import os
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import urllib3

from built_data_sets import DAILY, HUGE, HUGE_ROWS, data_sets
from sellers_aws import SELLER, Enrolled, gate
from server import live_server
from waag.config import Settings

DEADLINE = 30
KEY, SECRET = "ASIARCLONE0000000001", "secret-of-the-assumed-role"
WHERE = Enrolled(
    f"arn:aws:iam::{SELLER}:role/Analytics",
    "reports",
    f"arn:aws:sns:us-east-1:{SELLER}:ready",
    "",
)


def assumed(secret):
    """What STS answers: the one key that rclone knows."""
    return (
        "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
        f"<AccessKeyId>{KEY}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>"
        "<SessionToken>token</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration>"
        "</Credentials></AssumeRoleResult></AssumeRoleResponse>"
    )


SNS = (
    "<R><GetTopicAttributesResult><Attributes/></GetTopicAttributesResult>"
    "<PublishResult><MessageId>1</MessageId></PublishResult></R>"
)
IAM = (
    "<R><GetRolePolicyResult><PolicyDocument>"
    '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
    "</PolicyDocument></GetRolePolicyResult></R>"
)


@pytest.fixture(scope="module")
def rclone(tmp_path_factory):
    """The server: its address, and the folder that buckets are folders of."""
    program = os.environ.get("WAAG_RCLONE", "")
    assert Path(program).is_file(), "WAAG_RCLONE must name rclone: use `make test`"
    folder = tmp_path_factory.mktemp("buckets")
    (folder / WHERE.bucket).mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    process = subprocess.Popen(
        [program, "serve", "s3", f"--addr={address}", f"--auth-key={KEY},{SECRET}", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(folder)},
    )
    try:
        # It says nothing on being ready: connect until it answers.
        patience = urllib3.Retry(total=300, connect=300, backoff_factor=0.02, backoff_max=0.2)
        urllib3.request("GET", f"http://{address}/", retries=patience)
        yield f"http://{address}", folder
    finally:
        process.terminate()
        process.wait(DEADLINE)


@contextmanager
def delivering(data, rclone, secret=SECRET):
    """A Waag whose S3 is rclone's; and the gate that answers in place of the other services."""
    with (
        gate(rclone[0], sts=assumed(secret), sns=SNS, iam=IAM) as shut,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAMARKETPLACE00001")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        with live_server(Settings(data=data, aws_endpoint=shut.url), data_sets()) as server:
            server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
            server.ask("PUT", "/market", WHERE.market())
            yield server, shut


def notice(shut):
    """The message that was published."""
    while True:
        asked = shut.answered.get(timeout=DEADLINE)
        if b"Action=Publish" in asked.body:
            return json.loads(parse_qs(asked.body.decode())["Message"][0])


@pytest.mark.parametrize(
    ("data_set", "prefix", "rows"), [(DAILY, "a b/ü🌷+%", 2), (HUGE, "large", HUGE_ROWS)]
)
def test_a_data_set_is_delivered(tmp_path, rclone, data_set, prefix, rows):
    """Small and large, whatever the prefix; the files lie there as they were built."""
    with delivering(tmp_path / "data", rclone) as (server, shut):
        body = {"type": data_set, "date": "2026-05-13", "prefix": prefix}
        asked = server.ask("POST", "/data-set-requests", body)
        told = notice(shut)
    lies = rclone[1] / WHERE.bucket / prefix
    file = (lies / f"{data_set}_2026-05-13.csv").read_bytes()
    metadata = json.loads((lies / f"{data_set}_2026-05-13.meta.json").read_bytes())
    assert (told["success"], metadata["dataSetRequestId"]) == (True, asked["id"])
    assert file.count(b'"\n') == rows + 1


def test_a_signature_that_is_wrong(tmp_path, rclone):
    """Is noticed by rclone; the request waits for better credentials."""
    with delivering(tmp_path / "data", rclone, "another secret") as (server, _):
        body = {"type": DAILY, "date": "2026-05-13"}
        asked = server.ask("POST", "/data-set-requests", body)
        while not asked["attempts"]:
            asked = server.ask("GET", f"/data-set-requests/{asked['id']}")
    assert (asked["status"], "SignatureDoesNotMatch" in asked["last_error"]) == ("pending", True)

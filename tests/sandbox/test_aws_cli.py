"""The AWS CLI against the embedded AWS."""

import json
import os
import subprocess
from pathlib import Path

from built_data_sets import DAILY, data_sets
from server import POLDER, live_server
from waag.config import Settings

ACCOUNT = "120000000001"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:polder-reports-ready"


def aws(server, *words, where):
    """Run the AWS CLI as Polder: what it prints."""
    command = os.environ.get("WAAG_AWS_CLI", "")
    assert Path(command).is_file(), "WAAG_AWS_CLI must name the AWS CLI: use `make test`"
    ran = subprocess.run(
        [command, "--endpoint-url", server.endpoint, *words],
        cwd=where,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(where),
            "AWS_ACCESS_KEY_ID": POLDER[0],
            "AWS_SECRET_ACCESS_KEY": POLDER[1],
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_cli_copies_and_lists(server, tmp_path):
    """`aws s3` makes a bucket, copies a file up and down in parts, lists and removes it."""
    large = bytes(range(256)) * (9 * 1024 * 1024 // 256)
    (tmp_path / "large.csv").write_bytes(large)
    aws(server, "s3", "mb", "s3://reports", where=tmp_path)
    aws(server, "s3", "cp", "large.csv", "s3://reports/2026/large.csv", where=tmp_path)
    assert aws(server, "s3", "ls", where=tmp_path).split()[-1] == "reports"
    listed = aws(server, "s3", "ls", "s3://reports/2026/", where=tmp_path)
    assert listed.split()[-2:] == [str(len(large)), "large.csv"]
    aws(server, "s3", "cp", "s3://reports/2026/large.csv", "back.csv", where=tmp_path)
    assert (tmp_path / "back.csv").read_bytes() == large
    aws(server, "s3", "rb", "--force", "s3://reports", where=tmp_path)
    assert aws(server, "s3", "ls", where=tmp_path).split()[2:] == ["polder-reports"]


def test_the_guide_as_it_stands(tmp_path):
    """A data set is asked for as AWS's guide has it, and copied from where the notice says."""
    with live_server(Settings(data=tmp_path / "data"), data_sets()) as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:ready"
        aws(server, "sqs", "create-queue", "--queue-name", "ready", where=tmp_path)
        subscribe = f"sns subscribe --topic-arn {TOPIC} --protocol sqs"
        aws(server, *subscribe.split(), "--notification-endpoint", queue, where=tmp_path)
        asked = (
            "marketplacecommerceanalytics generate-data-set --region us-east-1 "
            f"--data-set-type {DAILY} --data-set-publication-date 2026-05-13T00:00:00Z "
            f"--role-name-arn arn:aws:iam::{ACCOUNT}:role/MarketplaceCommerceAnalyticsRole "
            "--destination-s3-bucket-name polder-reports --destination-s3-prefix daily "
            f"--sns-topic-arn {TOPIC} --customer-defined-values team=finance"
        )
        taken = json.loads(aws(server, *asked.split(), where=tmp_path))
        url = f"{server.endpoint}/{ACCOUNT}/ready"
        receive = f"sqs receive-message --wait-time-seconds 20 --queue-url {url}"
        (message,) = json.loads(aws(server, *receive.split(), where=tmp_path))["Messages"]
        notice = json.loads(json.loads(message["Body"])["Message"])
        there = "s3://{bucketName}/{key}".format(**notice["dataSetS3Location"])
        aws(server, "s3", "cp", there, "daily.csv", where=tmp_path)
    assert (notice["dataSetRequestId"], notice["success"], notice["customerDefinedValues"]) == (
        taken["dataSetRequestId"],
        True,
        {"team": "finance"},
    )
    assert there == f"s3://polder-reports/daily/{DAILY}_2026-05-13.csv"
    assert (tmp_path / "daily.csv").read_bytes().startswith(b'"Product Title","Product Code"\n')

"""The AWS CLI against the embedded S3."""

import os
import subprocess
from pathlib import Path

from server import POLDER


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
    assert aws(server, "s3", "ls", where=tmp_path).split()[-1] == "polder-reports"

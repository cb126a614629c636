"""Every operation of revenue measurement that is served, however boto3 signs for it."""

import json
import subprocess
import sys
from pathlib import Path

import every_revenue_operation
import pytest

from server import POLDER
from waag.wire.generated import revenue_measurement as wire

OFFER = {
    "type": "OFFER",
    "id": "offer-polderspring1",
    "name": "Spring",
    "owner": "120000000001",
    "customer": "210000000001",
}


def served(server):
    """The names of the operations that the server has handlers for."""
    operations = wire.SERVICE.operations.values()
    return sorted(each.name for each in operations if each.input in server.keeper.desk)


@pytest.mark.parametrize(
    ("crt", "scheme", "algorithm"),
    [
        ("with", "", "AWS4-ECDSA-P256-SHA256"),
        ("with", "sigv4", "AWS4-HMAC-SHA256"),
        ("without", "", "AWS4-HMAC-SHA256"),
    ],
)
def test_every_operation_answers(server, crt, scheme, algorithm):
    """With the CRT requests are signed with SigV4a; all operations that are served take both."""
    server.ask("PUT", "/market", {"deals": [OFFER]})
    program = Path(every_revenue_operation.__file__)
    arguments = [server.endpoint, crt, scheme, *POLDER]
    driven = subprocess.run(
        [sys.executable, program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert driven.returncode == 0, driven.stderr
    assert json.loads(driven.stdout) == {"operations": served(server), "signed": [algorithm]}

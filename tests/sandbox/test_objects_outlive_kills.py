"""Whatever was acknowledged is there after `kill -9`."""

import signal
import threading

from botocore.exceptions import BotoCoreError, ClientError
from embedded import POLDER_USER, policy, trusting

from server import POLDER, waag_process


def put_until_it_dies(client, acknowledged):
    """Put objects, one after another, until the server is gone."""
    for number in range(100_000):
        key, content = f"k{number % 7}", f"content {number}".encode() * 1000
        try:
            client.put_object(Bucket="reports", Key=key, Body=content)
        except (BotoCoreError, ClientError):
            return
        acknowledged[key] = number


def test_acknowledged_objects_survive(tmp_path):
    """An object that was acknowledged is read after a kill: itself, or what was put after it."""
    acknowledged = {}
    with waag_process(tmp_path / "data", "--fronts=1") as waag:
        client = waag.client(POLDER, "s3")
        client.create_bucket(Bucket="reports")
        putting = threading.Thread(target=put_until_it_dies, args=(client, acknowledged))
        putting.start()
        while len(acknowledged) < 7:
            putting.join(0.01)
        waag.stop(signal.SIGKILL)
        putting.join()
    with waag_process(tmp_path / "data", "--fronts=1") as waag:
        client = waag.client(POLDER, "s3")
        found = {}
        for key in acknowledged:
            body = client.get_object(Bucket="reports", Key=key)["Body"].read()
            found[key] = int(body.split(b"content ")[1])
        assert {key for key, number in found.items() if number < acknowledged[key]} == set()


def test_identities_survive(tmp_path):
    """A role that was made is there after a kill, with its policies."""
    with waag_process(tmp_path / "data", "--fronts=0") as waag:
        iam = waag.client(POLDER, "iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=trusting(POLDER_USER))
        iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=policy("s3:*"))
        waag.stop(signal.SIGKILL)
    with waag_process(tmp_path / "data", "--fronts=0") as waag:
        iam = waag.client(POLDER, "iam")
        assert iam.list_role_policies(RoleName="r")["PolicyNames"] == ["p"]

"""The embedded AWS of a server whose fronts are processes of their own."""

import json

import pytest
from embedded import new_user, policy, refused

from server import POLDER, waag_process

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def fronted(tmp_path_factory):
    """A server with two fronts."""
    with waag_process(tmp_path_factory.mktemp("fronted") / "data", "--fronts=2") as waag:
        yield waag


def test_a_large_body_gets_through(fronted):
    """An object of tens of MiB is put and got over any front."""
    s3 = fronted.client(POLDER, "s3")
    s3.create_bucket(Bucket="large")
    content = bytes(range(256)) * (40 * MIB // 256)
    s3.put_object(Bucket="large", Key="k", Body=content)
    assert s3.get_object(Bucket="large", Key="k")["Body"].read() == content


def test_a_policy_counts_at_once_on_every_front(fronted):
    """Whichever front is asked, what was allowed is refused once the policy is deleted."""
    iam = fronted.client(POLDER, "iam")
    meters = policy("aws-marketplace:BatchMeterUsage")
    user = new_user(iam, "fronts", meters=meters)
    given = {"ProductCode": "1poldertab2lytics3legacy4", "UsageRecords": []}

    def asked():
        # A connection of its own each time, so that both fronts are asked.
        clients = [fronted.client(user) for _ in range(8)]
        return {refused(client.batch_meter_usage, **given) for client in clients}

    assert asked() == {None}
    iam.delete_user_policy(UserName="fronts", PolicyName="meters")
    assert asked() == {"AccessDeniedException"}


def test_the_operator_sees_what_the_keeper_answered(fronted):
    """A call that a front passed on is among the operator's latest calls once."""
    fronted.client(POLDER, "sts").get_caller_identity()
    calls = fronted.ask("GET", "/calls?limit=50")["calls"]
    assert [each["operation"] for each in calls].count("GetCallerIdentity") == 1
    assert json.dumps(calls).count(POLDER[1]) == 0

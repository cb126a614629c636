"""Who may do what with marketplace revenue shares: policies on ARNs, tags and catalogs."""

import json

import pytest
from attributed import revenue_client
from revenue_shares import ARN, PRODUCT, VAULT, ShareCalls, problems

SELLER = "120000000001"
KEY = ("AKIAWAAGTESTSHARES01", "shares-test-secret-access-key-0000000001")
DENIED, ALLOWED = "ACCESS_DENIED", ""
ALL = "partnercentral:*"
CREATE, TAG = "partnercentral:CreateMarketplaceRevenueShare", "partnercentral:TagResource"
GET = "partnercentral:GetMarketplaceRevenueShare"


def refused(call, **given):
    """The reason that a call is refused for; empty if it is not."""
    return problems(call, **given)[0]


def allow(*actions, resource="*", **condition):
    """A statement."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def caller(server, *statements, **account):
    """Calls of a user of the seller's that has these statements alone."""
    user = {
        "user": "shares",
        "access_key_id": KEY[0],
        "secret_access_key": KEY[1],
        "policies": [{"Version": "2012-10-17", "Statement": list(statements)}],
    }
    seller = {"id": SELLER, "name": "Polder Software", "kind": "seller", "principals": [user]}
    server.ask("PUT", "/market", json.dumps({"accounts": [seller | account]}).encode())
    return ShareCalls(revenue_client(server, KEY))


@pytest.fixture
def shared(server):
    """A server where PRODUCT has a share with the tag team, and VAULT one without tags."""
    calls = ShareCalls(revenue_client(server))
    calls.share(Tags=[{"Key": "team", "Value": "blue"}])
    calls.share(VAULT)
    return server


@pytest.mark.parametrize(
    ("statement", "outcomes"),
    [
        (allow(ALL, resource=f"{ARN}/{PRODUCT}"), [ALLOWED, DENIED]),
        (allow(ALL, resource=f"{ARN}/*"), [ALLOWED, ALLOWED]),
        (allow(ALL, resource=ARN.replace("/AWS/", "/Sandbox/") + "/*"), [DENIED, DENIED]),
        (allow(ALL, StringEquals={"aws:ResourceTag/team": "blue"}), [ALLOWED, DENIED]),
        (allow(ALL, StringEquals={"aws:ResourceTag/team": "red"}), [DENIED, DENIED]),
        (allow(ALL, StringEquals={"partnercentral:Catalog": "AWS"}), [ALLOWED, ALLOWED]),
        (allow(ALL, StringEquals={"partnercentral:Catalog": "Sandbox"}), [DENIED, DENIED]),
        (allow(GET), [ALLOWED, ALLOWED]),
    ],
)
def test_access_to_a_share(shared, statement, outcomes):
    """It depends on the share's ARN, its tags, and the catalog."""
    calls = caller(shared, statement)
    assert [refused(calls.get_share, ProductId=each) for each in (PRODUCT, VAULT)] == outcomes


def test_access_to_allocations(shared):
    """It is access to their share: allocations have no ARN that a policy could name."""
    calls = caller(shared, allow(ALL, resource=f"{ARN}/{PRODUCT}"))
    made = calls.allocate("2026-06-01")
    nobodys = "mrsa-0000000000000"
    assert [
        refused(calls.get, allocation=made),
        refused(calls.edit, allocation=made, revision=2),
        refused(calls.listed),
        refused(calls.allocate, start="2026-06-01", ProductId=VAULT),
        refused(calls.get, allocation=made, ProductId=VAULT),
        refused(calls.edit, allocation=made, revision=1, ProductId=VAULT),
        refused(calls.listed, ProductId=VAULT),
        refused(calls.get, allocation={"MarketplaceRevenueShareAllocationId": nobodys}),
    ] == [ALLOWED] * 3 + [DENIED] * 4 + ["RESOURCE_NOT_FOUND"]


@pytest.mark.parametrize(
    ("statements", "outcome"),
    [
        ([allow(CREATE)], DENIED),
        ([allow(CREATE), allow(TAG)], ALLOWED),
        ([allow(CREATE), allow(TAG, resource=f"{ARN}/{VAULT}")], DENIED),
        ([allow(CREATE, TAG, StringEquals={"aws:RequestTag/team": "blue"})], ALLOWED),
        ([allow(CREATE, TAG, StringEquals={"aws:RequestTag/team": "red"})], DENIED),
        (
            [allow(CREATE, TAG, **{"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}})],
            ALLOWED,
        ),
    ],
)
def test_creating_a_share_with_tags(server, statements, outcome):
    """It takes the right to tag, too; both can depend on the tags."""
    calls = caller(server, *statements)
    assert refused(calls.share, Tags=[{"Key": "team", "Value": "blue"}]) == outcome


def test_an_account_that_is_not_registered(server):
    """Its policies allow it, but shares are for accounts of Partner Central."""
    calls = caller(server, allow(ALL), partner={"registered": False})
    assert [refused(calls.share), refused(calls.list_shares)] == [DENIED, DENIED]


def test_a_product_of_a_connected_subsidiary(server):
    """A partner speaks for it as for its own."""
    calls = caller(server, allow(ALL), partner={"connected": ["120000000002"]})
    assert calls.share("prod-dijkforms0001")["ProductName"] == "Dijk Forms"

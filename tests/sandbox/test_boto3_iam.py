"""Operations of the embedded IAM and STS, one by one."""

import pytest
import urllib3
from embedded import (
    DIJK_ACCOUNT,
    POLDER_ACCOUNT,
    POLDER_USER,
    new_role,
    new_user,
    policy,
    refused,
    trusting,
)

from server import POLDER, RESOLVER

SELLER_POLICY = "arn:aws:iam::aws:policy/MarketplaceSeller"


@pytest.fixture
def iam(server):
    """The IAM of the account that Polder has."""
    return server.client(POLDER, "iam")


def test_a_managed_policy_is_attached_and_detached(server, iam):
    """An attached policy counts as long as it is attached, and is not deleted meanwhile."""
    user = server.client(new_user(iam, "u"), "iam")
    made = iam.create_policy(
        PolicyName="lists", Path="/team/", PolicyDocument=policy("iam:ListUsers")
    )
    arn = made["Policy"]["Arn"]
    assert arn == f"arn:aws:iam::{POLDER_ACCOUNT}:policy/team/lists"
    assert refused(user.list_users) == "AccessDenied"
    iam.attach_user_policy(UserName="u", PolicyArn=arn)
    assert [each["UserName"] for each in user.list_users()["Users"]][-1] == "u"
    attached = iam.list_attached_user_policies(UserName="u")["AttachedPolicies"]
    assert attached == [{"PolicyName": "lists", "PolicyArn": arn}]
    assert refused(iam.delete_policy, PolicyArn=arn) == "DeleteConflict"
    iam.detach_user_policy(UserName="u", PolicyArn=arn)
    assert refused(user.list_users) == "AccessDenied"
    iam.delete_policy(PolicyArn=arn)
    assert refused(iam.get_policy, PolicyArn=arn) == "NoSuchEntity"


def test_a_built_in_policy_is_attached(server, iam):
    """What the market file gives by name is attached by its ARN."""
    user = new_user(iam, "u")
    iam.attach_user_policy(UserName="u", PolicyArn=SELLER_POLICY)
    answered = server.client(user).batch_meter_usage(
        ProductCode="1poldertab2lytics3legacy4", UsageRecords=[]
    )
    assert answered["Results"] == []


def test_documents_come_back(iam):
    """Documents of roles and policies are read as they were put."""
    new_role(iam, trusting(POLDER_USER), "r", p=policy("s3:*"))
    iam.update_assume_role_policy(RoleName="r", PolicyDocument=trusting("*"))
    (statement,) = iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": ["*"]}
    found = iam.get_role_policy(RoleName="r", PolicyName="p")["PolicyDocument"]
    assert found["Statement"][0]["Action"] == "s3:*"
    arn = iam.create_policy(PolicyName="m", PolicyDocument=policy("s3:*"))["Policy"]["Arn"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert version["Document"]["Statement"][0]["Action"] == "s3:*"
    assert refused(iam.get_policy_version, PolicyArn=arn, VersionId="v2") == "NoSuchEntity"
    assert [each["Arn"] for each in iam.list_policies()["Policies"]] == [arn]
    roles = [each["RoleName"] for each in iam.list_roles()["Roles"]]
    assert roles == ["MarketplaceCommerceAnalyticsRole", "r"]


def test_keys_are_turned_off_on_and_deleted(server, iam):
    """An access key signs while it is active; a user has two at most."""
    user = new_user(iam, "u")
    asks = server.client(user, "sts").get_caller_identity
    given = {"UserName": "u", "AccessKeyId": user[0]}
    iam.update_access_key(**given, Status="Inactive")
    assert refused(asks) == "InvalidClientTokenId"
    iam.update_access_key(**given, Status="Active")
    assert asks()["Arn"] == f"arn:aws:iam::{POLDER_ACCOUNT}:user/u"
    iam.create_access_key(UserName="u")
    assert refused(iam.create_access_key, UserName="u") == "LimitExceeded"
    assert len(iam.list_access_keys(UserName="u")["AccessKeyMetadata"]) == 2
    iam.delete_access_key(**given)
    assert refused(asks) == "InvalidClientTokenId"
    assert refused(iam.delete_access_key, **given) == "NoSuchEntity"


def test_a_user_is_removed_once_it_has_nothing(iam):
    """A user is deleted after its keys and policies."""
    key, _ = new_user(iam, "u", p=policy("s3:*"))
    assert refused(iam.delete_user, UserName="u") == "DeleteConflict"
    iam.delete_user_policy(UserName="u", PolicyName="p")
    iam.delete_access_key(UserName="u", AccessKeyId=key)
    iam.delete_user(UserName="u")
    assert refused(iam.get_user, UserName="u") == "NoSuchEntity"


def test_what_the_market_file_says_stays(server, iam):
    """Users and keys of the market file are shown, and not removed here."""
    assert iam.get_user()["User"]["Arn"] == POLDER_USER
    keys = iam.list_access_keys(UserName="polder-resolver")["AccessKeyMetadata"]
    assert [each["AccessKeyId"] for each in keys] == [RESOLVER[0]]
    assert refused(iam.delete_user, UserName="polder-resolver") == "DeleteConflict"
    given = {"UserName": "polder-resolver", "AccessKeyId": RESOLVER[0]}
    assert refused(iam.delete_access_key, **given) == "DeleteConflict"
    second = iam.create_access_key(UserName="polder-resolver")["AccessKey"]
    client = server.client((second["AccessKeyId"], second["SecretAccessKey"]))
    assert refused(client.resolve_customer, RegistrationToken="x") == "InvalidTokenException"


@pytest.mark.parametrize(
    ("operation", "given", "code"),
    [
        ("create_user", {"UserName": "a b"}, "ValidationError"),
        ("create_user", {"UserName": "polder-ci"}, "EntityAlreadyExists"),
        ("create_user", {"UserName": "u", "Path": "team"}, "ValidationError"),
        ("get_role", {"RoleName": "none"}, "NoSuchEntity"),
        (
            "put_user_policy",
            {"UserName": "polder-ci", "PolicyName": "p", "PolicyDocument": "{}"},
            "MalformedPolicyDocument",
        ),
        (
            "put_user_policy",
            {"UserName": "polder-ci", "PolicyName": "p", "PolicyDocument": "no JSON"},
            "MalformedPolicyDocument",
        ),
        (
            "put_user_policy",
            {"UserName": "polder-ci", "PolicyName": "p", "PolicyDocument": "[]"},
            "MalformedPolicyDocument",
        ),
        (
            "put_user_policy",
            {
                "UserName": "polder-ci",
                "PolicyName": "p",
                "PolicyDocument": policy("s3:*") + " " * 11000,
            },
            "LimitExceeded",
        ),
        (
            "create_role",
            {"RoleName": "r", "AssumeRolePolicyDocument": policy("sts:AssumeRole")},
            "MalformedPolicyDocument",
        ),
        (
            "create_role",
            {
                "RoleName": "r",
                "AssumeRolePolicyDocument": trusting("*"),
                "MaxSessionDuration": 100_000,
            },
            "ValidationError",
        ),
        (
            "get_user_policy",
            {"UserName": "polder-ci", "PolicyName": "none"},
            "NoSuchEntity",
        ),
        (
            "attach_user_policy",
            {"UserName": "polder-ci", "PolicyArn": "arn:aws:iam::aws:policy/NoSuchPolicy"},
            "NoSuchEntity",
        ),
        (
            "detach_user_policy",
            {"UserName": "polder-ci", "PolicyArn": SELLER_POLICY},
            "NoSuchEntity",
        ),
        (
            "update_access_key",
            {"UserName": "polder-ci", "AccessKeyId": POLDER[0], "Status": "Expired"},
            "ValidationError",
        ),
        ("list_groups", {}, "InvalidAction"),
    ],
    ids=[str(number) for number in range(15)],
)
def test_refusals(iam, operation, given, code):
    """What cannot be done is refused with IAM's own code."""
    assert refused(getattr(iam, operation), **given) == code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"RoleSessionName": "a b"}, "ValidationError"),
        ({"ExternalId": "a b"}, "ValidationError"),
        ({"DurationSeconds": 7200}, "ValidationError"),
        ({"Policy": policy("s3:*")}, "NotImplemented"),
        ({"RoleArn": f"arn:aws:iam::{POLDER_ACCOUNT}:role/none"}, "AccessDenied"),
        ({"RoleArn": POLDER_USER}, "AccessDenied"),
        ({"RoleArn": f"arn:aws:iam::{DIJK_ACCOUNT}:role/path/r"}, "AccessDenied"),
    ],
    ids=[str(number) for number in range(7)],
)
def test_roles_that_are_not_assumed(server, iam, given, code):
    """A role is not assumed with parameters that STS does not take."""
    role = new_role(iam, trusting(POLDER_USER))
    usual = {"RoleArn": role["Arn"], "RoleSessionName": "s1"}
    assert refused(server.client(POLDER, "sts").assume_role, **usual | given) == code


def test_a_users_session_is_that_user(server):
    """The session that a user gets is itself, and gets no session of its own."""
    answered = server.client(POLDER, "sts").get_session_token(DurationSeconds=900)["Credentials"]
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    session = server.client(tuple(answered[name] for name in names), "sts")
    assert session.get_caller_identity()["Arn"] == POLDER_USER
    assert refused(session.get_session_token) == "AccessDenied"


def test_a_presigned_form_is_answered(server):
    """A presigned request of the query protocol is answered, as for GetCallerIdentity."""
    url = server.client(POLDER, "sts").generate_presigned_url(
        "get_caller_identity", HttpMethod="GET"
    )
    assert b"polder-ci" in urllib3.request("GET", url).data


@pytest.mark.parametrize(
    ("service", "operation", "given", "code"),
    [
        ("s3", "list_buckets", {}, "InvalidAccessKeyId"),
        ("sns", "list_topics", {}, "InvalidClientTokenId"),
        ("sqs", "list_queues", {}, "InvalidClientTokenId"),
        ("events", "list_rules", {}, "UnrecognizedClientException"),
        ("sts", "get_caller_identity", {}, "InvalidClientTokenId"),
        ("iam", "list_users", {}, "InvalidClientTokenId"),
    ],
)
def test_unknown_keys_are_refused_in_each_protocol(server, service, operation, given, code):
    """A key that nobody has is refused with the code of the service that is asked."""
    client = server.client(("AKIAWAAGNOBODYSKEY01", "secret"), service)
    assert refused(getattr(client, operation), **given) == code


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("s3", "list_buckets", "AccessDenied"),
        ("sns", "list_topics", "AuthorizationError"),
        ("sqs", "list_queues", "AccessDenied"),
        ("events", "list_rules", "AccessDeniedException"),
        ("iam", "list_users", "AccessDenied"),
    ],
)
def test_what_no_policy_allows_is_refused(server, service, operation, code):
    """Who has no permission is refused with the code of the service that is asked."""
    assert refused(getattr(server.client(RESOLVER, service), operation)) == code


def test_the_operator_sees_the_call(server, iam):
    """A call to the embedded AWS is among the operator's latest calls, with what refused it."""
    refused(iam.get_role, RoleName="none")
    call = server.latest_call()
    assert (call["service"], call["operation"], call["outcome"], call["rule"]) == (
        "iam",
        "GetRole",
        "NoSuchEntity",
        "embedded.not-found",
    )

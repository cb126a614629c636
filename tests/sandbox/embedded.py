"""What the tests of the embedded AWS have in common: identities, policies, error codes."""

import json

from botocore.exceptions import ClientError

from server import POLDER

POLDER_ACCOUNT, DIJK_ACCOUNT = "120000000001", "120000000002"
POLDER_USER = f"arn:aws:iam::{POLDER_ACCOUNT}:user/polder-ci"


def refused(call, **given):
    """The error code that a call is refused with; None if it is not."""
    try:
        call(**given)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def policy(action, resource="*", effect="Allow", **more):
    """A policy of one statement."""
    statement = {"Effect": effect, "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trusting(*arns, **condition):
    """A trust policy for these, under a condition on strings."""
    statement = {"Effect": "Allow", "Principal": {"AWS": list(arns)}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = {"StringEquals": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def new_user(iam, name="meter", **policies):
    """A user of these policies: what it signs with."""
    iam.create_user(UserName=name)
    for policy_name, document in policies.items():
        iam.put_user_policy(UserName=name, PolicyName=policy_name, PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def new_role(iam, trust, name="deliverer", **policies):
    """A role that trusts so, with these policies."""
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
    for policy_name, document in policies.items():
        iam.put_role_policy(RoleName=name, PolicyName=policy_name, PolicyDocument=document)
    return role


def assume(server, role, credentials=POLDER, **given):
    """Assume a role: what its session signs with."""
    answered = server.client(credentials, "sts").assume_role(
        RoleArn=role["Arn"], RoleSessionName="s1", **given
    )["Credentials"]
    return answered["AccessKeyId"], answered["SecretAccessKey"], answered["SessionToken"]

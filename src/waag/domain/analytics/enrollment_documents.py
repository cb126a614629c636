"""What an enrolment writes down: the role's two policies, and the commands that make it all."""

import json
import shlex

from waag.domain.analytics.enrollments import Enrollment


def trust_policy(account_id: str, external_id: str) -> str:
    """Lets an account assume the role, with this external id.

    Source: Commerce Analytics, test resources of AWS's SDKs.
    """
    statement = {
        "Sid": "",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def permission_policy(enrollment: Enrollment) -> str:
    """Lets the role put objects into the bucket, publish to the topic, and read its own policy.

    Source: Commerce Analytics, test resources of AWS's SDKs.
    """
    bucket = f"arn:aws:s3:::{enrollment.bucket}"
    objects = f"{bucket}/{enrollment.destination('').key('*')}"
    allowed = (
        ("s3:GetBucketLocation", bucket),
        ("s3:PutObject", objects),
        (["sns:Publish", "sns:GetTopicAttributes"], enrollment.topic),
        ("iam:GetRolePolicy", enrollment.role),
    )
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in allowed
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def aws_commands(
    enrollment: Enrollment, external_id: str, account_id: str, endpoint: str | None
) -> tuple[str, ...]:
    """The AWS CLI's commands by which a seller makes what an enrollment names.

    Args:
        enrollment: what is made.
        external_id: what the role is to ask for.
        account_id: who is to assume the role.
        endpoint: the address of all services; None for AWS's own.
    """
    role, region = ("--role-name", enrollment.role_name), ("--region", "us-east-1")
    commands = (
        ("s3api", "create-bucket", "--bucket", enrollment.bucket, *region),
        ("sns", "create-topic", "--name", enrollment.topic_name, *region),
        (
            *("iam", "create-role", *role),
            *("--assume-role-policy-document", trust_policy(account_id, external_id)),
        ),
        (
            *("iam", "put-role-policy", *role, "--policy-name", enrollment.policy_name),
            *("--policy-document", permission_policy(enrollment)),
        ),
    )
    address = () if endpoint is None else ("--endpoint-url", endpoint)
    return tuple(shlex.join(("aws", *address, *command)) for command in commands)

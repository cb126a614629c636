"""Policies of the market file decide over real requests, condition keys and all."""

import pytest
from botocore.exceptions import ClientError
from market_now import NOW

SELLER = "120000000001"
KEY, SECRET = "AKIAWAAGTESTPOLICY01", "policy-test-secret-access-key-0000000001"
MARKET = """
accounts:
  - id: "{seller}"
    name: Polder Software
    kind: seller
    principals:
      - user: conditional
        access_key_id: {key}
        secret_access_key: {secret}
        policies:
          - Version: "2012-10-17"
            Statement:
              - {{Effect: Allow, Action: "aws-marketplace:*", Resource: "*"}}
              - Effect: {effect}
                Action: "aws-marketplace:BatchMeterUsage"
                Resource: "*"
                Condition: {condition}
"""


def outcome(server, effect, condition):
    """What a batch comes to for a user with such a statement beside an Allow of everything."""
    market = MARKET.format(
        seller=SELLER, key=KEY, secret=SECRET, effect=effect, condition=condition
    )
    server.ask("PUT", "/market", market.encode())
    try:
        answer = server.client((KEY, SECRET)).batch_meter_usage(
            ProductCode="1poldertab2lytics3legacy4",
            UsageRecords=[
                {"Timestamp": NOW, "CustomerIdentifier": "moLenBank01", "Dimension": "users"}
            ],
        )
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    return answer["Results"][0]["Status"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('{IpAddress: {"aws:SourceIp": "127.0.0.0/8"}}', "AccessDeniedException"),
        ('{IpAddress: {"aws:SourceIp": "10.0.0.0/8"}}', "Success"),
        ('{StringEquals: {"aws:RequestedRegion": "us-east-1"}}', "AccessDeniedException"),
        ('{StringEquals: {"aws:RequestedRegion": "eu-west-1"}}', "Success"),
        ('{DateLessThan: {"aws:CurrentTime": "2026-05-14T10:20:31Z"}}', "AccessDeniedException"),
        ('{DateGreaterThan: {"aws:CurrentTime": "2026-05-14T10:20:31Z"}}', "Success"),
        ('{NumericGreaterThan: {"aws:EpochTime": "1778754029"}}', "AccessDeniedException"),
        ('{StringLike: {"aws:UserAgent": "Boto3/*"}}', "AccessDeniedException"),
        ('{StringEquals: {"aws:username": "conditional"}}', "AccessDeniedException"),
        ('{StringEquals: {"aws:PrincipalAccount": "120000000001"}}', "AccessDeniedException"),
        (
            '{ArnLike: {"aws:PrincipalArn": "arn:aws:iam::*:user/cond*"}}',
            "AccessDeniedException",
        ),
        ('{Bool: {"aws:SecureTransport": "false"}}', "AccessDeniedException"),
        ('{"Null": {"aws:FederatedProvider": "true"}}', "AccessDeniedException"),
    ],
)
def test_a_denial_on_a_condition(server, condition, expected):
    """A Deny counts where its condition holds for the request, and explicit deny wins."""
    assert outcome(server, "Deny", condition) == expected


def test_a_denial_is_explained(server):
    """The message names the policy and the statement that denied."""
    outcome(server, "Deny", '{Bool: {"aws:SecureTransport": "false"}}')
    call = server.latest_call()
    assert (call["rule"], call["why"]) == (
        "access.policy",
        "User: arn:aws:iam::120000000001:user/conditional is not authorized to perform: "
        "aws-marketplace:BatchMeterUsage with an explicit deny in an identity-based policy "
        "(policy inline 0, statement 1)",
    )


def test_a_withdrawn_credential_is_unknown(server):
    """A principal that the market file no longer lists cannot sign any more."""
    outcome(server, "Allow", '{Bool: {"aws:SecureTransport": "false"}}')
    withdrawn = f'accounts: [{{id: "{SELLER}", name: Polder Software, kind: seller}}]'
    server.ask("PUT", "/market", withdrawn.encode())
    with pytest.raises(ClientError) as refused:
        server.client((KEY, SECRET)).batch_meter_usage(UsageRecords=[])
    assert refused.value.response["Error"]["Code"] == "UnrecognizedClientException"

"""What an AWS that refuses, or is none, comes to."""

import socket

import pytest

from answering import answering
from builders import SELLER
from waag.delivery.aws import AwsCourier
from waag.domain.analytics.destinations import Destination
from waag.domain.analytics.refusals import DestinationRefused, DestinationUnreachable
from waag.ports.analytics import AwsCredentials

ROLE = f"arn:aws:iam::{SELLER}:role/Analytics"
TOPIC = f"arn:aws:sns:us-east-1:{SELLER}:ready"
THERE = Destination(ROLE, "external-7", "reports", "reports", None, TOPIC)
KEY = "a/b.csv"
ASSUMED = (
    200,
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>"
    "<SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>"
    "<Expiration>2030-01-01T00:00:00Z</Expiration>"
    "</Credentials></AssumeRoleResult></AssumeRoleResponse>",
)
LOCATION = (200, "<LocationConstraint>EU</LocationConstraint>")
ATTRIBUTES = (
    200,
    "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes/>"
    "</GetTopicAttributesResult></GetTopicAttributesResponse>",
)
PUBLISHED = (
    200,
    "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
)


def denied(code, status=403):
    """A refusal of STS, SNS or IAM."""
    error = f"<Error><Code>{code}</Code><Message>No.</Message></Error>"
    return status, f"<ErrorResponse>{error}</ErrorResponse>"


def policy(document):
    """An inline policy."""
    return (
        200,
        f"<GetRolePolicyResponse><GetRolePolicyResult><PolicyDocument>{document}</PolicyDocument>"
        "</GetRolePolicyResult></GetRolePolicyResponse>",
    )


def own():
    """Credentials of AWS Marketplace's own account."""
    return AwsCredentials("AKIA", "secret")


def checked(*answers):
    """What a check comes to, and what was asked for it."""
    with answering(*answers) as endpoint:
        AwsCourier(endpoint.url, own).check(THERE, KEY)
        return endpoint.asked


def refusal(*answers, error=DestinationRefused):
    """Why a check refuses."""
    with answering(*answers) as endpoint, pytest.raises(error) as refused:
        AwsCourier(endpoint.url, own).check(THERE, KEY)
    return refused.value.why


ALLOWING = '{"Statement":{"Effect":"Allow","Action":["s3:*","sns:*"],"Resource":"*"}}'


@pytest.mark.parametrize(
    "policy_answer",
    [
        policy(ALLOWING),
        policy('{"Statement": "odd"}'),
        denied("NoSuchEntity", 404),
        denied("InvalidAction", 400),
    ],
    ids=["it allows", "nobody can read it", "there is none", "no such service"],
)
def test_nothing_speaks_against_a_delivery(policy_answer):
    """The role is assumed with the external id; all else is asked as the role."""
    asked = checked(ASSUMED, LOCATION, ATTRIBUTES, policy_answer)
    assert [each.key for each in asked] == ["AKIA", "ASIA", "ASIA", "ASIA"]
    assert "ExternalId=external-7" in asked[0].body


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (
            [denied("AccessDenied")],
            f"Let the trust policy of role {ROLE} allow sts:AssumeRole to "
            "arn:aws:iam::452565589796:root where sts:ExternalId is external-7. AWS said "
            "AssumeRole: AccessDenied: No.",
        ),
        (
            [ASSUMED, (404, "<Error><Code>NoSuchBucket</Code><Message>No.</Message></Error>")],
            f"See that bucket reports exists, and give role {ROLE} s3:GetBucketLocation on it. AWS "
            "said GetBucketLocation: NoSuchBucket: No.",
        ),
        (
            [ASSUMED, LOCATION, denied("AuthorizationError")],
            f"See that topic {TOPIC} exists, give role {ROLE} sns:GetTopicAttributes on it, and "
            "let the policy of another account's topic allow that. AWS said GetTopicAttributes: "
            "AuthorizationError: No.",
        ),
        (
            [ASSUMED, LOCATION, ATTRIBUTES, denied("AccessDenied")],
            f"Give role {ROLE} iam:GetRolePolicy on itself. AWS said GetRolePolicy: AccessDenied: "
            "No.",
        ),
        (
            [
                ASSUMED,
                LOCATION,
                ATTRIBUTES,
                policy(ALLOWING.replace('"Resource":"*"', '"Resource":"arn:aws:s3:::reports/*"')),
            ],
            f"Give role {ROLE} sns:Publish on {TOPIC}: its policy reports does not.",
        ),
        (
            [ASSUMED, LOCATION, ATTRIBUTES, policy(ALLOWING.replace('"s3:*",', ""))],
            f"Give role {ROLE} s3:PutObject on arn:aws:s3:::reports/{KEY}: its policy reports does "
            "not.",
        ),
    ],
    ids=["role", "bucket", "topic", "policy unread", "no publish", "no put"],
)
def test_what_a_seller_has_to_fix(answers, why):
    """Is in the message, with what AWS said."""
    assert refusal(*answers) == why


@pytest.mark.parametrize(
    "answer",
    [
        denied("ServiceUnavailable", 503),
        denied("Throttling", 400),
        denied("TooManyRequests", 429),
        denied("ExpiredToken", 403),
        denied("InvalidClientTokenId"),
        denied("SignatureDoesNotMatch"),
        (200, "no XML"),
    ],
    ids=str,
)
def test_what_may_work_later(answer):
    """Trouble that passes, or that is the operator's to fix, refuses nobody."""
    assert refusal(answer, error=DestinationUnreachable) != ""


def test_an_answer_that_is_no_s3s():
    """Such as a proxy's: it may work later."""
    assert "ParseError" in refusal(ASSUMED, (200, "no XML"), error=DestinationUnreachable)


def test_nobody_listens():
    """It may work later."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        courier = AwsCourier(f"http://127.0.0.1:{bound.getsockname()[1]}", own)
        with pytest.raises(DestinationUnreachable, match="EndpointConnectionError"):
            courier.reach(THERE)


def told(*answers):
    """Who published, in the order in which it was tried."""
    with answering(*answers) as endpoint:
        AwsCourier(endpoint.url, own).tell(THERE, "message")
        return [each.key for each in endpoint.asked if "Action=Publish" in each.body]


@pytest.mark.parametrize(
    ("answers", "publishers"),
    [
        ([ASSUMED, PUBLISHED], ["ASIA"]),
        ([ASSUMED, denied("AuthorizationError"), PUBLISHED], ["ASIA", "AKIA"]),
        ([denied("AccessDenied"), PUBLISHED], ["AKIA"]),
    ],
)
def test_a_notice_is_published_as_the_role(answers, publishers):
    """Or as AWS Marketplace itself, where the role does not serve."""
    assert told(*answers) == publishers


def test_nobody_can_be_told():
    """What is wrong with the role counts."""
    with (
        answering(denied("AccessDenied"), denied("AuthorizationError")) as endpoint,
        pytest.raises(DestinationRefused, match="Let the trust policy of role"),
    ):
        AwsCourier(endpoint.url, own).tell(THERE, "message")


def test_objects_are_put_where_the_bucket_is():
    """GetBucketLocation has a name of its own for eu-west-1."""
    with answering(ASSUMED, LOCATION, (200, "")) as endpoint:
        AwsCourier(endpoint.url, own).reach(THERE).put(KEY, "text/csv", iter([b"x"]))
    assert [each.region for each in endpoint.asked] == ["us-east-1", "us-east-1", "eu-west-1"]


def examined(*answers):
    """What is found of each permission, and why, where something is not as it has to be."""
    with answering(*answers) as endpoint:
        found = AwsCourier(endpoint.url, own).examine(THERE, KEY)
    return {each.permission: (each.found.value, each.why) for each in found if each.why}


CLOSED = (ASSUMED, denied("AccessDenied"))
"""The role is assumed with the external id, and not without."""


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([ASSUMED, LOCATION, ATTRIBUTES, policy(ALLOWING), *CLOSED], {}),
        (
            [ASSUMED, LOCATION, ATTRIBUTES, policy(ALLOWING), ASSUMED, ASSUMED],
            {
                "sts:ExternalId": (
                    "missing",
                    f"Let the trust policy of role {ROLE} ask for sts:ExternalId external-7: it "
                    "can be assumed without.",
                )
            },
        ),
        (
            [ASSUMED, LOCATION, ATTRIBUTES, policy(ALLOWING), ASSUMED, denied("Throttling", 400)],
            {"sts:ExternalId": ("unknown", "AssumeRole: Throttling: No.")},
        ),
        (
            [ASSUMED, LOCATION, ATTRIBUTES, denied("NoSuchEntity", 404), *CLOSED],
            dict.fromkeys(
                ("s3:PutObject", "sns:Publish"),
                (
                    "unknown",
                    f"Not known: that takes role {ROLE}, and a look at its policy reports.",
                ),
            ),
        ),
        (
            [ASSUMED, denied("ServiceUnavailable", 503), ATTRIBUTES, policy(ALLOWING), *CLOSED],
            {"s3:GetBucketLocation": ("unknown", "GetBucketLocation: ServiceUnavailable: No.")},
        ),
    ],
    ids=["all there", "open to all", "trust unknown", "no policy", "bucket unknown"],
)
def test_each_permission_is_told_of(answers, expected):
    """One that is missing hides none of the others."""
    assert examined(*answers) == expected


def test_as_whom_it_delivers():
    """STS knows; where nobody answers, it is AWS Marketplace's own account."""
    known = (
        200,
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>",
    )
    with answering(known, denied("AccessDenied")) as endpoint:
        courier = AwsCourier(endpoint.url, own)
        assert [courier.account(), courier.account()] == ["111122223333", "452565589796"]

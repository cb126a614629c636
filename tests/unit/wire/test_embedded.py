"""Which requests are the embedded AWS's."""

import pytest

from waag.exchange import Request
from waag.wire.embedded import embedded_service

SIGNED = "AWS4-HMAC-SHA256 Credential=A/20261121/us-east-1/{}/aws4_request, SignedHeaders=host"


def signed(service, **headers):
    """A request in whose header a service is signed for."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", "/", "", {"authorization": SIGNED.format(service), **named}, b"", "")


def asked(query):
    """A request with a query."""
    return Request("GET", "/", query, {}, b"", "")


PRESIGNED = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20261121%2Fus-east-1%2F{}%2F"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        *((signed(service), service) for service in ("s3", "sns", "sqs", "sts", "iam", "events")),
        (signed("aws-marketplace"), None),
        (signed("s3", x_amz_target="AWSMPMeteringService.BatchMeterUsage"), None),
        (signed("s3", smithy_protocol="rpc-v2-cbor"), None),
        (signed("sqs", x_amz_target="AmazonSQS.SendMessage"), "sqs"),
        (signed("events", x_amz_target="AWSEvents.PutEvents"), "events"),
        (asked(PRESIGNED.format("s3") + "aws4_request"), "s3"),
        (asked(PRESIGNED.format("ec2") + "aws4_request"), None),
        (asked("AWSAccessKeyId=A&Signature=B&Expires=1"), "s3"),
        (asked("X-Amz-Credential=A"), None),
        (asked("a=b"), None),
        (asked(""), None),
        (Request("GET", "/", "", {"authorization": "Bearer token"}, b"", ""), None),
    ],
    ids=[str(number) for number in range(18)],
)
def test_requests_are_told_apart(request_, expected):
    """By the service in the credential scope, unless an operation of another service is named."""
    assert embedded_service(request_) == expected

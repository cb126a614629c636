"""Revenue measurement over the bytes of Smithy RPC v2 CBOR, and signed as real clients sign."""

import subprocess
import sys

import cbor2
import pytest
from attributed import ARN_START
from raw import send, send_signed
from test_rpc_v2_cbor import CBOR

from server import POLDER

SERVICE = "PartnerCentralRevenueMeasurement"
NAMESPACE = "com.amazonaws.partnercentralrevenuemeasurement"
ARN = f"{ARN_START}/AWS/revenue-attribution/ra-0000000000000"


def path_of(operation, service=SERVICE):
    """Where an operation is called."""
    return f"/service/{service}/operation/{operation}"


def answered(server, operation, body, headers=CBOR, path=None):
    """The status and the decoded body of the reply to a signed request."""
    if not isinstance(body, bytes):
        body = cbor2.dumps(body)
    where = path or path_of(operation)
    reply = send_signed(server, body, headers=headers, path=where, service="partnercentral")
    assert reply.headers["smithy-protocol"] == "rpc-v2-cbor"
    return reply.status, cbor2.loads(reply.body)


def error_of(server, operation, body, **given):
    """The status, code and reason of an error, and the fields that it is about."""
    status, error = answered(server, operation, body, **given)
    listed = [(each["Name"], each["Code"]) for each in error.get("FieldList", ())]
    return status, error["__type"].partition("#")[2], error.get("Reason"), listed


NEW = {"Catalog": "AWS", "Name": "Analytics", "TenancyModel": "MULTI_TENANT"}
LIST = "ListRevenueAttributions"
INDEFINITE = (
    b"\xbf"
    b"\x7f\x63Cat\x64alog\xff\x7f\x62AW\x61S\xff"  # a key and a text in chunks
    b"\x64Name\x7f\x69Analytics\xff"
    b"\x6cTenancyModel\x6cMULTI_TENANT"
    b"\x67Unknown\x9f\xbf\x61x\x9f\x01\xff\xff\xff"  # skipped at any depth
    b"\x6bDescription\xf6"
    b"\x6bClientToken\xf7"
    b"\x64Tags\x9f\xbf\x63Key\x61a\x65Value\x60\xff\xff"
    b"\xff"
)


def test_lengths_that_are_not_said_before(server):
    """Maps, lists, texts and keys in chunks; null and undefined members are none."""
    status, answer = answered(server, "CreateRevenueAttribution", INDEFINITE)
    assert (status, answer["Name"], "Description" in answer) == (200, "Analytics", False)


def test_instants_are_under_tag_1(server):
    """A double, where the second is not whole."""
    _, made = answered(server, "CreateRevenueAttribution", NEW)
    asked = {"Catalog": "AWS", "Identifier": made["Id"]}
    reply = send_signed(
        server,
        cbor2.dumps(asked),
        headers=CBOR,
        path=path_of("GetRevenueAttribution"),
        service="partnercentral",
    )
    assert b"\x6bCreatedDate\xc1\xfb" in reply.body


def test_what_answers_nothing_has_no_body(server):
    """Neither a body nor a content type."""
    _, made = answered(server, "CreateRevenueAttribution", NEW)
    body = {"resourceArn": made["Arn"], "tags": [{"Key": "a", "Value": "b"}]}
    reply = send_signed(
        server,
        cbor2.dumps(body),
        headers=CBOR,
        path=path_of("TagResource"),
        service="partnercentral",
    )
    assert (reply.status, reply.body, "content-type" in reply.headers) == (200, b"", False)


def test_an_empty_list_is_there(shared_server):
    """A page without attributions has its list."""
    assert answered(shared_server, LIST, {"Catalog": "AWS"}) == (
        200,
        {"RevenueAttributionSummaries": []},
    )


@pytest.mark.parametrize(
    "given",
    [
        {"path": f"/prefix/of/any{path_of(LIST)}"},
        {"path": path_of(LIST, f"{NAMESPACE}.{SERVICE}")},
        {"headers": {key: CBOR[key] for key in CBOR if key != "Accept"}},
        {"headers": CBOR | {"Content-Type": "application/cbor; charset=utf-8"}},
        {"headers": CBOR | {"X-Amzn-Query-Mode": "true"}},
    ],
)
def test_what_else_a_client_may_send(shared_server, given):
    """A prefix, the service with its namespace, no Accept, parameters of the content type."""
    assert answered(shared_server, LIST, {"Catalog": "AWS"}, **given)[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        b"\xa1",
        b"\xbf\x67Catalog\x63AWS",
        cbor2.dumps({"Catalog": "AWS"}) + b"\x00",
        cbor2.dumps(["AWS"]),
        cbor2.dumps("AWS"),
        b"\xa2\x67Catalog\x63AWS\x67Catalog\x63AWS",
        b"\xa1\x47Catalog\x63AWS",
        cbor2.dumps({"Catalog": b"AWS"}),
        cbor2.dumps({"Catalog": cbor2.CBORTag(55799, "AWS")}),
        cbor2.dumps({"Catalog": "AWS", "MaxResults": 1.0}),
        cbor2.dumps({"Catalog": "AWS", "MaxResults": True}),
        cbor2.dumps({"Catalog": "AWS", "MaxResults": cbor2.CBORTag(2, b"\x01")}),
        cbor2.dumps({"Catalog": "AWS", "CreatedAfter": 1778754030}),
        cbor2.dumps({"Catalog": "AWS", "CreatedAfter": cbor2.CBORTag(0, "2026-05-14T10:20:30Z")}),
        cbor2.dumps({"Catalog": "AWS", "CreatedAfter": cbor2.CBORTag(1, "2026")}),
        cbor2.dumps({"Catalog": "AWS", "CreatedAfter": cbor2.CBORTag(1, float("nan"))}),
        b"\xa1\x6bIdentifiers" + b"\x81" * 10_000 + b"\x00",
        b"\xa1\x6bIdentifiers" + b"\x9f" * 10_000,
        b"\xa1\x6bIdentifiers" + b"\xc1" * 10_000 + b"\x00",
        b"\xa1\x6bIdentifiers\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
    ],
    ids=map(str, range(20)),
)
def test_malformed_cbor(shared_server, body):
    """Is a SerializationException, in CBOR; so is a value of another type."""
    assert error_of(shared_server, LIST, body) == (400, "SerializationException", None, [])


WORD = "REQUIRED_FIELD_MISSING"
RECORD = {
    "Action": "CREATE",
    "EntityType": "OFFER",
    "EntityIdentifier": "offer-abc",
    "CustomerAwsAccountId": "123456789012",
    "RevenueSharePercent": "15.50",
    "EffectiveFrom": "2026-07-01",
    "EffectiveUntil": "2026-07-31",
}


@pytest.mark.parametrize(
    ("operation", "body", "expected"),
    [
        (
            "CreateRevenueAttribution",
            b"",
            [("Catalog", WORD), ("Name", WORD), ("TenancyModel", WORD)],
        ),
        (
            "CreateRevenueAttribution",
            NEW | {"Catalog": "aws", "Name": "", "ClientToken": "a b", "Description": "\u00e9"},
            [
                ("Catalog", "INVALID_ENUM_VALUE"),
                ("ClientToken", "INVALID_STRING_FORMAT"),
                ("Name", "INVALID_STRING_LENGTH"),
                ("Name", "INVALID_STRING_FORMAT"),
                ("Description", "INVALID_STRING_FORMAT"),
            ],
        ),
        ("CreateRevenueAttribution", NEW | {"Name": "A\n"}, [("Name", "INVALID_STRING_FORMAT")]),
        (
            "CreateRevenueAttribution",
            NEW | {"Name": "A" * 129},
            [("Name", "INVALID_STRING_LENGTH")],
        ),
        ("CreateRevenueAttribution", NEW | {"Tags": []}, [("Tags", "INVALID_VALUE")]),
        ("CreateRevenueAttribution", NEW | {"Tags": [None]}, [("Tags[0]", "INVALID_VALUE")]),
        (
            "CreateRevenueAttribution",
            NEW | {"Tags": [{"Key": "a", "Value": ""}, {"Key": "\x00"}]},
            [("Tags[1].Key", "INVALID_STRING_FORMAT"), ("Tags[1].Value", WORD)],
        ),
        *(
            (
                "GetRevenueAttribution",
                {"Catalog": "AWS", "Identifier": "ra-0000000000000", "Revision": revision},
                [("Revision", code)],
            )
            for revision, code in (
                ("0", "INVALID_STRING_FORMAT"),
                ("01", "INVALID_STRING_FORMAT"),
                ("-1", "INVALID_STRING_FORMAT"),
                ("1\n", "INVALID_STRING_FORMAT"),
                ("\u0661", "INVALID_STRING_FORMAT"),
                ("1" * 20, "INVALID_STRING_LENGTH"),
            )
        ),
        (
            "GetRevenueAttribution",
            {"Catalog": "AWS", "Identifier": "ra-000000000000A"},
            [("Identifier", "INVALID_STRING_FORMAT")],
        ),
        (LIST, {"Catalog": "AWS", "MaxResults": 101}, [("MaxResults", "INVALID_VALUE")]),
        (LIST, {"Catalog": "AWS", "SortBy": "CreatedDate"}, [("SortBy", "INVALID_ENUM_VALUE")]),
        (LIST, {"Catalog": "AWS", "NextToken": "a b"}, [("NextToken", "INVALID_STRING_FORMAT")]),
        (LIST, {"Catalog": "AWS", "NextToken": "a"}, [("NextToken", "INVALID_VALUE")]),
        (
            LIST,
            {"Catalog": "AWS", "Identifiers": ["ra-0000000000000"] * 101},
            [("Identifiers", "TOO_MANY_VALUES")],
        ),
        ("TagResource", {"resourceArn": ARN, "tags": []}, [("tags", "INVALID_VALUE")]),
        (
            "UntagResource",
            {"resourceArn": ARN.replace("arn:aws:", "arn:aws-cn:"), "tagKeys": [""]},
            [
                ("resourceArn", "INVALID_STRING_FORMAT"),
                ("tagKeys[0]", "INVALID_STRING_LENGTH"),
                ("tagKeys[0]", "INVALID_STRING_FORMAT"),
            ],
        ),
        ("ListTagsForResource", b"\xa0", [("resourceArn", WORD)]),
    ],
)
def test_every_field_that_is_not_well_formed_is_told(shared_server, operation, body, expected):
    """With its path and with what kind of mistake it is."""
    assert error_of(shared_server, operation, body) == (
        400,
        "ValidationException",
        "REQUEST_VALIDATION_FAILED",
        expected,
    )


def test_each_of_250_records_is_told(shared_server):
    """However many there are, the place of each is in its name."""
    asked = {
        "Catalog": "AWS",
        "RevenueAttributionIdentifier": "ra-0000000000000",
        "RevenueAttributionRevision": "1",
        "RevenueShareAllocations": [RECORD | {"RevenueSharePercent": "abc"}] * 250,
    }
    found = error_of(shared_server, "StartRevenueAttributionAllocationsTask", asked)
    assert found[3] == [
        (f"RevenueShareAllocations[{index}].RevenueSharePercent", "INVALID_NUMBER_FORMAT")
        for index in range(250)
    ]


def test_an_error_has_its_absolute_shape_id(shared_server):
    """And the message is cased as the model has it."""
    asked = {"Catalog": "AWS", "Identifier": "ra-0000000000000"}
    status, error = answered(shared_server, "GetRevenueAttribution", asked)
    assert (status, error) == (
        404,
        {
            "__type": f"{NAMESPACE}#ResourceNotFoundException",
            "Message": "The specified resource was not found. There is no revenue attribution "
            "ra-0000000000000 in account 120000000001, catalog AWS.",
            "Reason": "RESOURCE_NOT_FOUND",
        },
    )


def test_a_method_other_than_post(shared_server):
    """Is answered in CBOR."""
    reply = send(shared_server, b"", headers=CBOR, path=path_of(LIST), method="GET")
    error = cbor2.loads(reply.body)
    assert (reply.status, error["__type"].partition("#")[2]) == (405, "MethodNotAllowedException")


def test_two_protocols_at_once(shared_server):
    """A request with X-Amz-Target beside smithy-protocol is refused."""
    headers = CBOR | {"X-Amz-Target": f"{SERVICE}.{LIST}"}
    found = error_of(shared_server, LIST, {"Catalog": "AWS"}, headers=headers)
    assert found[:2] == (400, "MalformedHttpRequestException")


# Prints the scheme that signed, and what is told of an attribution that there is not.
CLIENT = """
import sys
endpoint, crt, access_key, secret = sys.argv[1:]
if crt == "without":
    sys.modules["awscrt"] = None  # as where botocore[crt] was not installed
import boto3, botocore.compat, botocore.config
assert botocore.compat.HAS_CRT is (crt == "with")
client = boto3.client(
    "partnercentral-revenue-measurement", region_name="eu-west-1", endpoint_url=endpoint,
    aws_access_key_id=access_key, aws_secret_access_key=secret,
    config=botocore.config.Config(retries={"total_max_attempts": 1}),
)
seen = []
client.meta.events.register(
    "before-send", lambda request, **_: seen.append(request.headers["Authorization"].decode()[:26])
)
made = client.create_revenue_attribution(
    Catalog="AWS", Name="Analytics", TenancyModel="MULTI_TENANT"
)
client.tag_resource(resourceArn=made["Arn"], tags=[{"Key": "a", "Value": "b"}])
try:
    client.get_revenue_attribution(Catalog="Sandbox", Identifier=made["Id"])
except client.exceptions.ResourceNotFoundException as error:
    print(seen[0].split()[0], made["Revision"], error.response["Reason"], made["Arn"][:34])
"""


@pytest.mark.parametrize(
    ("crt", "scheme"), [("with", "AWS4-ECDSA-P256-SHA256"), ("without", "AWS4-HMAC-SHA256")]
)
def test_boto3_with_and_without_crt(server, crt, scheme):
    """Either way signed, from another Region; ARNs say us-east-1, and errors are legible."""
    ran = subprocess.run(
        [sys.executable, "-c", CLIENT, server.endpoint, crt, *POLDER],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout.split() == [
        scheme,
        "1",
        "RESOURCE_NOT_FOUND",
        "arn:aws:partnercentral:us-east-1:1",
    ]

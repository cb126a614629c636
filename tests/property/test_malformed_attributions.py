"""Whatever a request of revenue measurement holds, the answer is one that botocore can read."""

from typing import Any

import botocore.session
import cbor2
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.parsers import create_parser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import POLDER
from waag.exchange import Request

MODEL = botocore.session.get_session().get_service_model("partnercentral-revenue-measurement")
PARSER = create_parser("smithy-rpc-v2-cbor")
HEADERS = {"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}
OPERATIONS = (
    "CreateRevenueAttribution",
    "GetRevenueAttribution",
    "ListRevenueAttributions",
    "ListTagsForResource",
    "TagResource",
    "UntagResource",
    "UpdateRevenueAttribution",
)
ARN = (
    "arn:aws:partnercentral:us-east-1:120000000001:catalog/AWS/revenue-attribution/ra-0000000000000"
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=30)
    | st.binary(max_size=5)
    | st.sampled_from(["1", "01", "9" * 19, "AWS", "Sandbox", ARN, "ra-0000000000000", "prod-x"])
    | st.floats().map(lambda seconds: cbor2.CBORTag(1, seconds))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["Key", "Value", "X"]), inner, max_size=3)
    ),
    max_leaves=8,
)
requests = st.fixed_dictionaries(
    {
        "Catalog": st.just("AWS") | scalars,
        "Identifier": st.just(ARN) | scalars,
        "Name": st.just("Analytics") | scalars,
        "TenancyModel": st.just("MULTI_TENANT") | scalars,
        "resourceArn": st.just(ARN) | scalars,
    },
    optional={
        "ClientToken": st.just("t-1") | scalars,
        "CreatedAfter": scalars,
        "CreatedBefore": scalars,
        "Description": scalars,
        "Identifiers": values,
        "MaxResults": st.integers(1, 100) | scalars,
        "NextToken": scalars,
        "ProductIdentifier": scalars,
        "Revision": st.sampled_from(["1", "2", "9" * 19]) | scalars,
        "SortOrder": st.just("ASCENDING") | scalars,
        "Tags": values,
        "tagKeys": values,
        "tags": values,
    },
)


def answer(waag: Any, operation: str, body: bytes) -> dict[str, Any]:
    """Send signed bytes to Waag; status, headers and body of its reply."""
    path = f"/service/PartnerCentralRevenueMeasurement/operation/{operation}"
    request = AWSRequest("POST", f"http://127.0.0.1{path}", dict(HEADERS), body)
    SigV4Auth(Credentials(*POLDER), "partnercentral", "us-east-1").add_auth(request)
    sent = {name.lower(): value for name, value in request.headers.items()} | {"host": "127.0.0.1"}
    reply = waag(Request("POST", path, "", sent, body, "127.0.0.1"))
    return {"status_code": reply.status, "headers": dict(reply.headers), "body": reply.body}


def assert_legible(operation: str, reply: dict[str, Any]) -> None:
    """The reply is no failure, and botocore reads an answer or an error code from it."""
    parsed = PARSER.parse(reply, MODEL.operation_model(operation).output_shape)
    assert reply["status_code"] < 500, parsed
    if reply["status_code"] != 200:
        assert parsed["Error"]["Code"].isidentifier()


many = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@many
@given(operation=st.sampled_from(OPERATIONS), request=requests)
def test_cbor_of_any_kind(waag, operation, request):
    """CBOR values of any kind, well signed."""
    assert_legible(operation, answer(waag, operation, cbor2.dumps(request)))


@many
@given(operation=st.sampled_from(OPERATIONS), body=st.binary(max_size=200))
def test_bytes_as_cbor(waag, operation, body):
    """Bytes of any kind, well signed, said to be CBOR."""
    assert_legible(operation, answer(waag, operation, body))


@many
@given(
    operation=st.sampled_from(OPERATIONS),
    request=requests,
    place=st.floats(0, 1, exclude_max=True),
    replaced=st.binary(min_size=0, max_size=3),
)
def test_good_requests_damaged(waag, operation, request, place, replaced):
    """A few bytes of a request altered or taken away before it was signed."""
    body = cbor2.dumps(request)
    at = int(place * len(body))
    assert_legible(operation, answer(waag, operation, body[:at] + replaced + body[at + 2 :]))

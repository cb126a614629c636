"""Whatever a request holds, the answer is a refusal that botocore can read, never a failure."""

import json
from collections.abc import Callable
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
from waag.exchange import Reply, Request

MODEL = botocore.session.get_session().get_service_model("meteringmarketplace")
OUTPUT = MODEL.operation_model("BatchMeterUsage").output_shape
JSON_PARSER, CBOR_PARSER = create_parser("json"), create_parser("smithy-rpc-v2-cbor")
PATH = "/service/AWSMPMeteringService/operation/BatchMeterUsage"
JSON_1_1 = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSMPMeteringService.BatchMeterUsage",
}
CBOR = {"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["017", "1\n", "1e3", "9999999999.999999", "moLenBank01", "users"])
)
members = st.sampled_from(
    [
        *("UsageRecords", "ProductCode", "Timestamp", "Dimension", "Quantity"),
        *("QuantityAsDecimal", "CustomerIdentifier", "CustomerAWSAccountId", "LicenseArn"),
        *("UsageAllocations", "AllocatedUsageQuantity", "Tags", "Key", "Value", "X"),
    ]
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(members, inner, max_size=8),
    max_leaves=20,
)
records = st.fixed_dictionaries(
    {},
    optional={
        "Timestamp": st.just(1779000000) | scalars,
        "Dimension": st.just("users") | scalars,
        "CustomerIdentifier": st.just("moLenBank01") | scalars,
        "Quantity": st.integers(0, 100) | scalars,
        "QuantityAsDecimal": st.just("1.5") | scalars,
        "LicenseArn": scalars,
        "UsageAllocations": values,
    },
)
batches = values | st.fixed_dictionaries(
    {"UsageRecords": st.lists(records, max_size=27)},
    optional={"ProductCode": st.just("1poldertab2lytics3legacy4") | scalars},
)


def answer(
    waag: Callable[[Request], Reply], headers: dict[str, str], path: str, body: bytes
) -> dict[str, Any]:
    """Send signed bytes to Waag; status, headers and body of its reply."""
    request = AWSRequest("POST", f"http://127.0.0.1{path}", dict(headers), body)
    SigV4Auth(Credentials(*POLDER), "aws-marketplace", "us-east-1").add_auth(request)
    sent = {name.lower(): value for name, value in request.headers.items()} | {"host": "127.0.0.1"}
    reply = waag(Request("POST", path, "", sent, body, "127.0.0.1"))
    return {"status_code": reply.status, "headers": dict(reply.headers), "body": reply.body}


def assert_legible(reply: dict[str, Any], parser: Any) -> None:
    """The reply is no failure, and botocore reads results or an error code from it."""
    parsed = parser.parse(reply, OUTPUT)
    assert reply["status_code"] < 500, parsed
    assert ("Results" in parsed) is (reply["status_code"] == 200)
    if reply["status_code"] != 200:
        assert parsed["Error"]["Code"].isidentifier()


many = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@many
@given(batch=batches)
def test_json_of_any_kind(waag, batch):
    """JSON values of any kind, well signed."""
    assert_legible(answer(waag, JSON_1_1, "/", json.dumps(batch).encode()), JSON_PARSER)


@many
@given(body=st.binary(max_size=200))
def test_bytes_as_json(waag, body):
    """Bytes of any kind, well signed, said to be JSON."""
    assert_legible(answer(waag, JSON_1_1, "/", body), JSON_PARSER)


def with_tags(value: Any) -> Any:
    """The value with its timestamps as CBOR has them."""
    if isinstance(value, list):
        return [with_tags(each) for each in value]
    if not isinstance(value, dict):
        return value
    tagged = {name: with_tags(each) for name, each in value.items()}
    if isinstance(tagged.get("Timestamp"), int | float):
        tagged["Timestamp"] = cbor2.CBORTag(1, tagged["Timestamp"])
    return tagged


@many
@given(batch=batches)
def test_cbor_of_any_kind(waag, batch):
    """CBOR values of any kind, well signed."""
    assert_legible(answer(waag, CBOR, PATH, cbor2.dumps(with_tags(batch))), CBOR_PARSER)


@many
@given(body=st.binary(min_size=1, max_size=200))
def test_bytes_as_cbor(waag, body):
    """Bytes of any kind, well signed, said to be CBOR."""
    assert_legible(answer(waag, CBOR, PATH, body), CBOR_PARSER)


@many
@given(
    headers=st.dictionaries(
        st.sampled_from(
            ["Content-Type", "X-Amz-Target", "Smithy-Protocol", "Content-Encoding", "Accept"]
        ),
        st.sampled_from([*JSON_1_1.values(), *CBOR.values(), "gzip", "", "br"])
        | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    ),
    path=st.sampled_from(["/", PATH, PATH + "/", "//", "/service/x/operation/y"]),
)
def test_headers_and_paths_of_any_kind(waag, headers, path):
    """Whatever protocol a request claims, the refusal is in one that botocore reads."""
    reply = answer(waag, headers, path, b"{}")
    cbor = "smithy-protocol" in reply["headers"]
    assert_legible(reply, CBOR_PARSER if cbor else JSON_PARSER)

"""Every operation that is served, with members of its model that hold whatever they may not."""

import json
from typing import Any, NamedTuple

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.parsers import create_parser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import MOLEN_TASK, POLDER
from waag.exchange import Request


class Served(NamedTuple):
    """An operation, who calls it, and values that lead far into it."""

    service: str
    operation: str
    credentials: tuple[str, ...]
    plausible: dict[str, list[Any]]


ANALYTICS, VAULT = "1poldertab2lytics3legacy4", "5poldervault6concurrent78"
HARBOR = "7polderharbor8container9x"
SERVED = (
    Served(
        "meteringmarketplace",
        "MeterUsage",
        MOLEN_TASK,
        {
            "ProductCode": [HARBOR],
            "UsageDimension": ["users", "containers"],
            "Timestamp": [1779000000],
            "UsageQuantity": [0, 5],
            "UsageQuantityAsDecimal": ["1.5"],
            "DryRun": [True, False],
        },
    ),
    Served(
        "meteringmarketplace",
        "RegisterUsage",
        MOLEN_TASK,
        {"ProductCode": [HARBOR], "PublicKeyVersion": [1, 2], "Nonce": ["abc"]},
    ),
    Served("meteringmarketplace", "ResolveCustomer", POLDER, {"RegistrationToken": ["a+/=" * 38]}),
    Served(
        "meteringmarketplace",
        "BatchMeterUsage",
        POLDER,
        {
            "ProductCode": [ANALYTICS],
            "Timestamp": [1779000000],
            "Dimension": ["users"],
            "CustomerIdentifier": ["moLenBank01"],
            "Quantity": [0, 5],
        },
    ),
    Served(
        "marketplace-entitlement",
        "GetEntitlements",
        POLDER,
        {
            "ProductCode": [ANALYTICS, VAULT],
            "MaxResults": [1, 25],
            "NextToken": ["token"],
            "Filter": [{"DIMENSION": ["seats"]}, {"CUSTOMER_IDENTIFIER": []}],
        },
    ),
)
SESSION = botocore.session.get_session()
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
    | st.sampled_from(["017", "1\n", "1e3", "9999999999.999999"])
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def values_of(shape, plausible, name=""):
    """Values for a shape of the model: such as are meant, and such as are not."""
    meant = st.sampled_from(plausible[name]) if name in plausible else st.nothing()
    if shape.type_name == "structure":
        meant |= st.fixed_dictionaries(
            {},
            optional={each: values_of(of, plausible, each) for each, of in shape.members.items()},
        )
    elif shape.type_name == "list":
        meant |= st.lists(values_of(shape.member, plausible), max_size=3)
    elif shape.type_name == "map":
        meant |= st.dictionaries(
            st.sampled_from(shape.key.enum or ["X"]) | st.text(max_size=5),
            values_of(shape.value, plausible),
            max_size=3,
        )
    elif shape.type_name == "string":
        meant |= st.text(max_size=30)
    return st.one_of(meant, meant, anything)


@st.composite
def calls(draw):
    """An operation and what is sent to it."""
    served = draw(st.sampled_from(SERVED))
    model = SESSION.get_service_model(served.service)
    shape = model.operation_model(served.operation).input_shape
    return served, draw(values_of(shape, served.plausible))


def test_every_operation_that_is_served_is_among_them(waag):
    """Each answers something else than that it is not served."""
    named = {served.operation for served in SERVED}
    of_both = {
        name
        for service in ("meteringmarketplace", "marketplace-entitlement")
        for name in SESSION.get_service_model(service).operation_names
    }
    assert named == of_both
    assert 501 not in {answer(waag, served, {})["status_code"] for served in SERVED}


def answer(waag, served, body):
    """Send it well signed: status, headers and body of the reply."""
    model = SESSION.get_service_model(served.service)
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"{model.metadata['targetPrefix']}.{served.operation}",
    }
    octets = json.dumps(body).encode()
    request = AWSRequest("POST", "http://127.0.0.1/", headers, octets)
    SigV4Auth(Credentials(*served.credentials), "aws-marketplace", "us-east-1").add_auth(request)
    sent = {name.lower(): value for name, value in request.headers.items()} | {"host": "127.0.0.1"}
    reply = waag(Request("POST", "/", "", sent, octets, "127.0.0.1"))
    return {"status_code": reply.status, "headers": dict(reply.headers), "body": reply.body}


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(call=calls())
def test_members_of_any_kind(waag, call):
    """The reply is no failure, and botocore reads an output or an error code from it."""
    served, body = call
    reply = answer(waag, served, body)
    model = SESSION.get_service_model(served.service).operation_model(served.operation)
    parsed = create_parser("json").parse(reply, model.output_shape)
    assert reply["status_code"] < 500, parsed
    if reply["status_code"] != 200:
        assert parsed["Error"]["Code"].isidentifier()

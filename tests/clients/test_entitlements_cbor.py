"""The entitlement service over Smithy RPC v2 CBOR, which its model prefers."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import botocore
import botocore.session
import cbor2
import pytest
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from entitled_market import LEGACY, PRODUCT, apply_contracts, contract, legacy_contract
from market_now import NOW
from raw import send_signed

from server import POLDER, live_server
from waag.config import Settings

PATH = "/service/AWSMPEntitlementService/operation/GetEntitlements"
CBOR = {
    "Smithy-Protocol": "rpc-v2-cbor",
    "Content-Type": "application/cbor",
    "Accept": "application/cbor",
}
MODEL = Path("marketplace-entitlement", "2017-01-11")


@pytest.fixture(scope="module")
def contracts(tmp_path_factory):
    """A server with three contracts to one product and one to another."""
    with live_server(Settings(data=tmp_path_factory.mktemp("contracts") / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        apply_contracts(
            running,
            contract(1, ("seats", 25), ("quota", 0.5)),
            contract(2, ("tier", "gold"), ends=None),
            contract(3, ("audit", False)),
            legacy_contract(4),
        )
        yield running


@pytest.fixture(scope="module")
def cbor_client(contracts, tmp_path_factory):
    """A client of botocore whose model lists no other protocol, so that it speaks this one."""
    models = Path(botocore.__file__).parent / "data" / MODEL
    folder = tmp_path_factory.mktemp("models")
    (folder / MODEL).mkdir(parents=True)
    model = json.loads(gzip.decompress((models / "service-2.json.gz").read_bytes()))
    model["metadata"]["protocols"] = ["smithy-rpc-v2-cbor"]
    (folder / MODEL / "service-2.json").write_text(json.dumps(model))
    (folder / MODEL / "paginators-1.json").write_bytes((models / "paginators-1.json").read_bytes())
    session = botocore.session.Session()
    # Searched before botocore's own folder, where everything else is found.
    session.register_component("data_loader", Loader(extra_search_paths=[str(folder)]))
    return session.create_client(
        "marketplace-entitlement",
        region_name="us-east-1",
        endpoint_url=contracts.endpoint,
        aws_access_key_id=POLDER[0],
        aws_secret_access_key=POLDER[1],
    )


def send_cbor(server, **members):
    """Send a signed request and decode the reply, which must be CBOR."""
    reply = send_signed(server, cbor2.dumps(members), headers=CBOR, path=PATH)
    assert reply.headers["smithy-protocol"] == "rpc-v2-cbor"
    return reply.status, cbor2.loads(reply.body)


def test_botocore_walks_all_pages(cbor_client):
    """Every kind of value, and the instants, as over JSON."""
    assert cbor_client.meta.service_model.resolved_protocol == "smithy-rpc-v2-cbor"
    pages = cbor_client.get_paginator("get_entitlements").paginate(
        ProductCode=PRODUCT, PaginationConfig={"PageSize": 1}
    )
    ends, never = datetime(2027, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
    assert [
        (each["Value"], each["ExpirationDate"]) for page in pages for each in page["Entitlements"]
    ] == [
        ({"DoubleValue": 0.5}, ends),
        ({"IntegerValue": 25}, ends),
        ({"StringValue": "gold"}, never),
        ({"BooleanValue": False}, ends),
    ]


def test_botocore_raises_the_modelled_exception(cbor_client):
    """An error over CBOR is the one of the model, too."""
    with pytest.raises(cbor_client.exceptions.InvalidParameterException, match="not a token"):
        cbor_client.get_entitlements(ProductCode=PRODUCT, NextToken="2")


def test_an_unknown_filter(cbor_client):
    """A key that the model does not have is a ValidationException that names it."""
    with pytest.raises(ClientError, match="Value 'License' at 'filter'") as refusal:
        cbor_client.get_entitlements(ProductCode=PRODUCT, Filter={"License": ["x"]})
    assert refusal.value.response["Error"]["Code"] == "ValidationException"


def test_a_token_goes_over_to_the_other_protocol(contracts):
    """A page may be asked for over JSON, and the next over CBOR."""
    client = contracts.client(service="marketplace-entitlement")
    token = client.get_entitlements(ProductCode=PRODUCT, MaxResults=3)["NextToken"]
    status, rest = send_cbor(contracts, ProductCode=PRODUCT, NextToken=token)
    assert (status, [each["Dimension"] for each in rest["Entitlements"]]) == (200, ["audit"])


def test_the_reply_on_the_wire(contracts):
    """Exactly these members; an instant under tag 1."""
    status, answer = send_cbor(contracts, ProductCode=LEGACY)
    assert (status, answer) == (
        200,
        {
            "Entitlements": [
                {
                    "ProductCode": LEGACY,
                    "Dimension": "seats",
                    "CustomerIdentifier": "mOlenContract1",
                    "CustomerAWSAccountId": "210000000001",
                    "Value": {"IntegerValue": 25},
                    "ExpirationDate": datetime(2027, 1, 1, tzinfo=UTC),
                }
            ]
        },
    )


def test_an_error_has_its_absolute_shape_id(contracts):
    """With the namespace of the entitlement service's model."""
    status, error = send_cbor(contracts, ProductCode=PRODUCT, NextToken="2")
    assert (status, error["__type"]) == (
        400,
        "com.amazonaws.marketplaceentitlementservice#InvalidParameterException",
    )

"""An unmodified boto3 reads entitlements over a real socket, page by page."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError
from entitled_market import (
    GRACHT_ACCOUNT,
    IDENTIFIER,
    LEGACY,
    MOLEN_ACCOUNT,
    PRODUCT,
    apply_contracts,
    contract,
    legacy_contract,
    license_arn,
)
from market_now import NOW
from raw import send_signed

from server import DIJK, MOLEN, RESOLVER, live_server
from waag.config import Choices, Settings
from waag.domain.entitlement import EmptyEntitlements, EntitlementChoices, ExpiredEntitlements

VAULT = "5poldervault6concurrent78"
ENDS = datetime(2027, 1, 1, tzinfo=UTC)
JSON_1_1 = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSMPEntitlementService.GetEntitlements",
}


@pytest.fixture(scope="module")
def contracts(tmp_path_factory):
    """A server with contracts; its clock stands still."""
    with live_server(Settings(data=tmp_path_factory.mktemp("contracts") / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        apply_contracts(
            running,
            contract(
                1,
                ("vaults", 2**31 - 1),
                ("seats", -(2**31)),
                ("tier", "gold"),
                ("audit", True),
                ("quota", 2.5),
            ),
            contract(2, ("seats", 2**31), buyer=GRACHT_ACCOUNT),
            contract(3, ("tier", "3"), ends=None),
            contract(4, ends="2026-05-14T10:20:30Z"),
            contract(5, starts="2026-05-15T00:00:00Z"),
            legacy_contract(6, ends="2027-01-01T00:00:00.5Z"),
            legacy_contract(7, buyer=GRACHT_ACCOUNT, customer_identifier="gRacht1"),
        )
        yield running


def entitlement_client(server, **given):
    """A client of the entitlement service."""
    return server.client(service="marketplace-entitlement", **given)


def get(server, product=PRODUCT, client=None, **given):
    """One call."""
    return entitlement_client(server, **(client or {})).get_entitlements(
        ProductCode=product, **given
    )


def shown(answer):
    """The license and dimension of each entitlement."""
    return [(each["LicenseArn"][-1], each["Dimension"]) for each in answer["Entitlements"]]


def refused(server, **given):
    """The code that a call is refused with."""
    with pytest.raises(ClientError) as refusal:
        get(server, **given)
    return refusal.value.response["Error"]["Code"]


def test_an_entitlement_by_license(contracts):
    """All there is of it, and nothing else."""
    [found] = get(contracts, Filter={"LICENSE_ARN": [license_arn(2)]})["Entitlements"]
    assert found == {
        "ProductCode": PRODUCT,
        "Dimension": "seats",
        "CustomerAWSAccountId": GRACHT_ACCOUNT,
        "LicenseArn": license_arn(2),
        "Value": {"DoubleValue": 2147483648.0},
        "ExpirationDate": ENDS,
    }


def test_an_entitlement_by_customer_identifier(contracts):
    """Without a license; the instant of its end to the microsecond."""
    [found] = get(contracts, LEGACY, Filter={"CUSTOMER_IDENTIFIER": [IDENTIFIER]})["Entitlements"]
    assert found == {
        "ProductCode": LEGACY,
        "Dimension": "seats",
        "CustomerIdentifier": IDENTIFIER,
        "CustomerAWSAccountId": MOLEN_ACCOUNT,
        "Value": {"IntegerValue": 25},
        "ExpirationDate": ENDS.replace(microsecond=500_000),
    }


@pytest.mark.parametrize(
    ("dimension", "value"),
    [
        ("vaults", {"IntegerValue": 2**31 - 1}),
        ("seats", {"IntegerValue": -(2**31)}),
        ("tier", {"StringValue": "gold"}),
        ("audit", {"BooleanValue": True}),
        ("quota", {"DoubleValue": 2.5}),
    ],
)
def test_a_value_stands_in_the_member_of_its_kind(contracts, dimension, value):
    """Exactly one member is there."""
    asked = {"LICENSE_ARN": [license_arn(1)], "DIMENSION": [dimension]}
    [found] = get(contracts, Filter=asked)["Entitlements"]
    assert found["Value"] == value


def test_a_contract_without_an_end_expires_in_9999(contracts):
    """AWS's own samples compare ExpirationDate, so it is always there."""
    [found] = get(contracts, Filter={"LICENSE_ARN": [license_arn(3)]})["Entitlements"]
    assert found["ExpirationDate"] == datetime(9999, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (
            {},
            [
                ("1", "audit"),
                ("1", "quota"),
                ("1", "seats"),
                ("1", "tier"),
                ("1", "vaults"),
                ("2", "seats"),
                ("3", "tier"),
            ],
        ),
        ({"DIMENSION": ["seats"]}, [("1", "seats"), ("2", "seats")]),
        ({"DIMENSION": ["tier", "quota"]}, [("1", "quota"), ("1", "tier"), ("3", "tier")]),
        ({"CUSTOMER_AWS_ACCOUNT_ID": [GRACHT_ACCOUNT]}, [("2", "seats")]),
        (
            {"CUSTOMER_AWS_ACCOUNT_ID": [MOLEN_ACCOUNT], "DIMENSION": ["tier"]},
            [("1", "tier"), ("3", "tier")],
        ),
        ({"LICENSE_ARN": [license_arn(2), license_arn(3)]}, [("2", "seats"), ("3", "tier")]),
        ({"LICENSE_ARN": [license_arn(2)], "CUSTOMER_AWS_ACCOUNT_ID": [MOLEN_ACCOUNT]}, []),
        ({"LICENSE_ARN": [license_arn(4), license_arn(5)]}, []),
        ({"CUSTOMER_IDENTIFIER": [IDENTIFIER]}, []),
    ],
    ids=str,
)
def test_filters(contracts, filters, expected):
    """Values of a key unite, keys intersect; in the order of agreements, then dimensions."""
    given = {"Filter": filters} if filters else {}
    assert shown(get(contracts, **given)) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 7, 25])
def test_the_paginator_walks_all_pages(contracts, size):
    """Pages of any size show the same, in the same order."""
    paginator = entitlement_client(contracts).get_paginator("get_entitlements")
    pages = paginator.paginate(ProductCode=PRODUCT, PaginationConfig={"PageSize": size})
    walked = [each for page in pages for each in shown(page)]
    assert walked == shown(get(contracts))


def test_a_page_has_25_entitlements_unless_said_otherwise(server):
    """The rest is on the next page, which the token leads to."""
    apply_contracts(server, *map(contract, range(1, 28)))
    first = get(server)
    rest = get(server, NextToken=first["NextToken"])
    assert (len(first["Entitlements"]), len(rest["Entitlements"]), "NextToken" in rest) == (
        25,
        2,
        False,
    )


def test_what_is_agreed_between_pages_repeats_nothing(server):
    """A contract that is added, and one that ends, move no other to another page."""
    apply_contracts(server, *map(contract, range(1, 5)))
    first = get(server, MaxResults=2)
    apply_contracts(server, contract(1, ends="2026-02-01T00:00:00Z"), contract(5))
    rest = get(server, NextToken=first["NextToken"])
    assert [number for number, _ in shown(first) + shown(rest)] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("product", "client", "note"),
    [
        ("nosuchproduct", {}, "Account 120000000001 publishes no product with the product code"),
        (PRODUCT, {"credentials": DIJK}, "Account 120000000002 publishes no product with the"),
        ("1poldertab2lytics3legacy4", {}, "No agreement to product 1poldertab2lytics3legacy4 that"),
    ],
    ids=["unknown", "another seller's", "pay as you go"],
)
def test_nothing_found_is_no_error(contracts, product, client, note):
    """The list is empty; the operator sees why."""
    answer = get(contracts, product, client)
    call = contracts.latest_call()
    assert (answer["Entitlements"], "NextToken" in answer) == ([], False)
    assert [each[: len(note)] for each in call["notes"]] == [note]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (
            {
                "Filter": {
                    "CUSTOMER_IDENTIFIER": [IDENTIFIER],
                    "CUSTOMER_AWS_ACCOUNT_ID": [MOLEN_ACCOUNT],
                }
            },
            "Filter has both CUSTOMER_IDENTIFIER and CUSTOMER_AWS_ACCOUNT_ID; use one or the "
            "other.",
        ),
        (
            {"NextToken": "2"},
            "NextToken '2' is not a token of this server; send NextToken as the page before gave "
            "it.",
        ),
    ],
    ids=["filters", "token"],
)
def test_an_invalid_parameter(contracts, given, why):
    """Boto3 raises the modelled exception, and the operator sees why."""
    client = entitlement_client(contracts)
    with pytest.raises(client.exceptions.InvalidParameterException) as refusal:
        client.get_entitlements(ProductCode=PRODUCT, **given)
    assert refusal.value.response["Error"]["Message"] == (
        f"One or more parameters in your request was invalid. {why}"
    )
    assert contracts.latest_call()["why"] == why


def altered(token):
    """The token with its last character but one replaced."""
    return f"{token[:-2]}{'A' if token[-2] != 'A' else 'B'}{token[-1]}"


@pytest.mark.parametrize(
    ("alter", "given", "why"),
    [
        (altered, {}, "was altered, or another server gave it"),
        (str, {"client": {"credentials": DIJK}}, "was given for another account"),
        (str, {"product": LEGACY}, "was given for another ProductCode"),
        (str, {"Filter": {"DIMENSION": ["seats"]}}, "was given for another Filter"),
    ],
    ids=["edited", "another account's", "another product's", "another filter's"],
)
def test_a_token_that_is_not_the_requests_own(contracts, alter, given, why):
    """It is refused, and the operator sees what is wrong with it."""
    token = get(contracts, MaxResults=1)["NextToken"]
    code = refused(contracts, NextToken=alter(token), **given)
    call = contracts.latest_call()
    assert (code, call["rule"], why in call["why"]) == (
        "InvalidParameterException",
        "page-token",
        True,
    )


def test_a_token_outlives_the_server(tmp_path):
    """A server that is started again on the same data goes on where the other ended."""
    settings = Settings(data=tmp_path / "data")
    with live_server(settings) as server:
        apply_contracts(server, contract(1), contract(2))
        server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        token = get(server, MaxResults=1)["NextToken"]
    with live_server(settings) as server:
        assert shown(get(server, NextToken=token)) == [("2", "seats")]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"Filter": {"CustomerIdentifier": ["x"]}},
            "1 validation error detected: Value 'CustomerIdentifier' at 'filter' failed to satisfy "
            "constraint: Map keys must satisfy constraint: [Member must satisfy enum value set: "
            "[CUSTOMER_AWS_ACCOUNT_ID, CUSTOMER_IDENTIFIER, DIMENSION, LICENSE_ARN]]",
        ),
        (
            {"MaxResults": 26},
            "1 validation error detected: Value '26' at 'maxResults' failed to satisfy constraint: "
            "Member must have value less than or equal to 25",
        ),
        (
            {"NextToken": "a b"},
            "1 validation error detected: Value 'a b' at 'nextToken' failed to satisfy constraint: "
            r"Member must satisfy regular expression pattern: \S+",
        ),
    ],
    ids=["a filter's name", "page size", "token"],
)
def test_what_the_model_does_not_allow(contracts, given, message):
    """A broken constraint is a ValidationException that names it, as on all services."""
    with pytest.raises(ClientError) as refusal:
        get(contracts, **given)
    error = refusal.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("ValidationException", message)


@pytest.mark.parametrize("credentials", [RESOLVER, MOLEN], ids=["user", "session"])
def test_a_caller_without_the_permission(contracts, credentials):
    """The action is called as the signature's service is."""
    with pytest.raises(ClientError, match="aws-marketplace:GetEntitlements") as refusal:
        get(contracts, client={"credentials": credentials})
    assert refusal.value.response["Error"]["Code"] == "AccessDeniedException"


def test_another_region_is_answered(contracts):
    """The operator is told that AWS has no endpoint there."""
    answer = get(contracts, VAULT, {"region": "eu-west-1"})
    assert (len(answer["Entitlements"]), contracts.latest_call()["notes"]) == (
        1,
        [
            "AWS has no endpoint of the entitlement service in eu-west-1, only in us-east-1, "
            "cn-northwest-1, eusc-de-east-1."
        ],
    )


class TestTurnedClock:
    """What is in force is a matter of the clock that can be turned."""

    @pytest.mark.parametrize(
        ("now", "numbers"),
        [
            ("2025-12-31T23:59:59Z", []),
            ("2026-01-01T00:00:00Z", ["1", "2"]),
            ("2026-12-31T23:59:59.999999Z", ["1", "2"]),
            ("2027-01-01T00:00:00Z", ["2"]),
        ],
    )
    def test_a_contract_is_in_force_from_its_start_to_its_end(self, server, now, numbers):
        """Its start is part of it, its end is not."""
        apply_contracts(server, contract(1), contract(2, ends=None))
        server.ask("PUT", "/clock", {"mode": "frozen", "now": now})
        assert [number for number, _ in shown(get(server))] == numbers


@pytest.mark.parametrize(
    ("choices", "body"),
    [
        (EntitlementChoices(), b'{"Entitlements":[]}'),
        (EntitlementChoices(empty_entitlements=EmptyEntitlements.OMITTED), b"{}"),
    ],
    ids=["list", "omitted"],
)
def test_how_it_is_said_that_nothing_was_found(tmp_path, choices, body):
    """An empty list, or by choice no list, as sellers have seen both."""
    with live_server(
        Settings(data=tmp_path / "data", choices=Choices(entitlement=choices))
    ) as server:
        reply = send_signed(server, b'{"ProductCode":"nosuch"}', headers=JSON_1_1)
    assert (reply.status, reply.body) == (200, body)


def test_what_has_expired_is_listed_by_choice(tmp_path):
    """With its past ExpirationDate, by which a seller's software tells."""
    choices = EntitlementChoices(expired_entitlements=ExpiredEntitlements.LISTED)
    with live_server(
        Settings(data=tmp_path / "data", choices=Choices(entitlement=choices))
    ) as server:
        apply_contracts(server, contract(1))
        server.ask("PUT", "/clock", {"mode": "frozen", "now": "2028-01-01T00:00:00Z"})
        [found] = get(server)["Entitlements"]
    assert found["ExpirationDate"] == ENDS

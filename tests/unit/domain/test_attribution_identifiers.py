"""Ids of random bytes, and ARNs both ways."""

import re

import pytest

from waag.domain.attribution.identifiers import (
    ID_BYTES,
    ID_CHARACTERS,
    Catalog,
    IdKind,
    Scope,
    attribution_id_of,
    attribution_resource,
    catalog_in,
    new_id,
    new_ids,
    read_resource_arn,
    share_allocation_arn,
    share_resource,
)

SCOPE = Scope("120000000001", Catalog.AWS)
START = "arn:aws:partnercentral:us-east-1:120000000001:catalog/AWS/"
ID = "ra-0a1b2c3d4e5f6"
ARN = f"{START}revenue-attribution/{ID}"
PRODUCT = "prod-polderanalyt1"


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        (IdKind.ATTRIBUTION, r"ra-[a-z0-9]{13}"),
        (IdKind.ALLOCATION, r"alloc-[a-z0-9]{13}"),
        (IdKind.TASK, r"raatask-[a-z0-9]{13}"),
        (IdKind.SHARE_ALLOCATION, r"mrsa-[A-Za-z0-9]{13}"),
    ],
)
@pytest.mark.parametrize("octet", [0x00, 0x5A, 0xFF])
def test_an_id_is_of_the_models_form(kind, pattern, octet):
    """Whatever the random bytes are, the id matches the model's pattern."""
    assert re.fullmatch(pattern, new_id(kind, bytes([octet]) * ID_BYTES))


def test_ids_of_one_draw_are_of_the_models_form():
    """As many as there are bytes for, of every character that there is."""
    made = new_ids(IdKind.ALLOCATION, bytes(range(256)) * ID_CHARACTERS)
    characters = {character for each in made for character in each.removeprefix("alloc-")}
    assert (
        len(made),
        {re.sub("[a-z0-9]{13}$", "", each) for each in made},
        len(characters),
    ) == (256, {"alloc-"}, 36)


def test_ids_of_other_bytes_differ():
    """Two ids are the same only if their bytes agree in what an id has room for."""
    ids = {new_id(IdKind.TASK, number.to_bytes(ID_BYTES)) for number in range(1000)}
    assert len(ids) == 1000


@pytest.mark.parametrize(
    ("resource", "arn"),
    [
        (attribution_resource(SCOPE, ID), ARN),
        (share_resource(SCOPE, PRODUCT), f"{START}marketplace-revenue-share/{PRODUCT}"),
        (
            attribution_resource(Scope("210000000001", Catalog.SANDBOX), ID),
            "arn:aws:partnercentral:us-east-1:210000000001:catalog/Sandbox/"
            f"revenue-attribution/{ID}",
        ),
    ],
)
def test_an_arn_is_read_as_it_was_made(resource, arn):
    """An ARN names its resource, and the resource has that ARN."""
    assert (resource.arn, read_resource_arn(arn)) == (arn, resource)


def test_the_arn_of_a_shares_allocation():
    """As the model's examples have it: the product is not in it."""
    assert share_allocation_arn(SCOPE, "mrsa-0A1b2c3d4e5f6") == (
        f"{START}marketplace-revenue-share-allocation/mrsa-0A1b2c3d4e5f6"
    )


@pytest.mark.parametrize(
    "arn",
    [
        "",
        ID,
        ARN + "\n",
        ARN.replace("arn:aws:", "arn:aws-cn:"),
        ARN.replace("us-east-1", "eu-west-1"),
        ARN.replace("partnercentral", "s3"),
        ARN.replace("catalog/AWS", "catalog/Tulips"),
        ARN.replace("revenue-attribution", "opportunity"),
        ARN.replace("120000000001", "\uff11" * 12),
        ARN + "/alloc-0a1b2c3d4e5f6",
    ],
)
def test_an_arn_of_nothing_there_could_be(arn):
    """Another partition, Region, catalog or type is of none of the resources here."""
    assert read_resource_arn(arn) is None


@pytest.mark.parametrize(
    ("arn", "catalog"),
    [
        (ARN, "AWS"),
        (ARN.replace("arn:aws:", "arn:aws-cn:").replace("AWS", "Sandbox"), "Sandbox"),
        (ARN.replace("catalog/AWS", "catalog/Tulips"), "Tulips"),
        (ID, ""),
        ("arn:aws:s3:::bucket", ""),
    ],
)
def test_the_catalog_that_conditions_see(arn, catalog):
    """It is the one that the ARN names, whether there is such a resource or not."""
    assert catalog_in(arn) == catalog


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        (ID, ID),
        (ARN, ID),
        (ARN.replace("120000000001", "120000000002"), None),
        (ARN.replace("catalog/AWS", "catalog/Sandbox"), None),
        (ARN.replace("arn:aws:", "arn:aws-cn:"), None),
        (f"{START}marketplace-revenue-share/{PRODUCT}", None),
    ],
)
def test_an_identifier_is_an_id_or_an_arn_of_the_scope(identifier, expected):
    """An ARN of another account, catalog or partition names none of the caller's attributions."""
    assert attribution_id_of(identifier, SCOPE) == expected

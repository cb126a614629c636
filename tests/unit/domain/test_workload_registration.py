"""RegisterUsage: what is refused, and the token to the byte."""

from base64 import urlsafe_b64decode

import msgspec
import pytest

from builders import BUYER, NOW, market, product, refusal_of
from waag.domain.market import ProductType
from waag.domain.market_excerpt import MarketExcerpt
from waag.domain.refusals import (
    ApiDisabled,
    PlatformUnsupported,
    ProductUnknown,
    PublicKeyVersionUnknown,
    TaskElsewhere,
)
from waag.domain.workload_registration import (
    PublicKey,
    SubmittedRegistration,
    check_platform,
    find_container_product,
    find_public_key,
    to_jwt,
    to_signing_input,
)
from waag.domain.workloads import Workload

TASK = Workload(BUYER, "ecs", "us-east-1", "task-1")
HARBOR = product(number=9, id="prod-harbor0000001", code="harbor", type=ProductType.CONTAINER)
MARKET = MarketExcerpt((), (*market().products.values(), HARBOR))
REGISTRATION = SubmittedRegistration("harbor", 1, "n")
FIRST = PublicKey(1, "PEM", NOW, NOW + 1)
SECOND = PublicKey(2, "PEM", NOW + 1, None)


@pytest.mark.parametrize(
    ("code", "runs_in", "called", "expected"),
    [
        ("harbor", "us-east-1", "us-east-1", None),
        (
            "nosuch",
            "us-east-1",
            "eu-west-1",
            (
                TaskElsewhere,
                "The ecs workload task-1 of account 210000000001 runs in us-east-1; the endpoint "
                "called is eu-west-1's.",
            ),
        ),
        (
            "nosuch",
            "us-east-1",
            "us-east-1",
            (ProductUnknown, "There is no product with the product code 'nosuch'."),
        ),
        (
            "scanner",
            "ap-south-1",
            "ap-south-1",
            (
                ProductUnknown,
                "Product scanner is sold as ami; only container products are registered with "
                "RegisterUsage.",
            ),
        ),
        (
            "harbor",
            "ap-south-1",
            "ap-south-1",
            (
                ApiDisabled,
                "Product harbor is not offered in ap-south-1; it is in eu-west-1, us-east-1.",
            ),
        ),
    ],
    ids=["taken", "Region", "unknown", "another kind", "not offered"],
)
def test_a_container_product_is_found_where_it_is_offered(code, runs_in, called, expected):
    """Region of the task first, then the product, then where that is offered."""
    registration = msgspec.structs.replace(REGISTRATION, product_code=code)
    workload = msgspec.structs.replace(TASK, region=runs_in)
    found = refusal_of(find_container_product, registration, workload, called, MARKET)
    assert found == expected


def test_a_public_key_is_found_by_its_version():
    """Old versions go on working."""
    assert find_public_key(1, [FIRST, SECOND], HARBOR) == FIRST


def test_a_version_that_there_is_not_is_refused():
    """The refusal names the versions there are."""
    assert refusal_of(find_public_key, 3, [FIRST, SECOND], HARBOR) == (
        PublicKeyVersionUnknown,
        "Product harbor has no public key of version 3; it has versions 1 to 2.",
    )


@pytest.mark.parametrize(
    ("platform", "taken"), [("ecs", True), ("eks", True), ("ec2", False), ("agentcore", False)]
)
def test_containers_run_on_ecs_and_eks(platform, taken):
    """Fargate is a way that both run them."""
    workload = msgspec.structs.replace(TASK, platform=platform)
    why = (
        f"The {platform} workload task-1 of account 210000000001 runs on {platform}; "
        "RegisterUsage is for ecs and eks."
    )
    expected = None if taken else (PlatformUnsupported, why)
    assert refusal_of(check_platform, workload) == expected


def decoded(part):
    """What a part of the token says; it has no padding of its own."""
    assert b"=" not in part
    return urlsafe_b64decode(part + b"==").decode()


@pytest.mark.parametrize(
    ("nonce", "claims"),
    [
        ("n", '{"productCode":"harbor","publicKeyVersion":1,"nonce":"n","iat":1778754030}'),
        (None, '{"productCode":"harbor","publicKeyVersion":1,"iat":1778754030}'),
        ("", '{"productCode":"harbor","publicKeyVersion":1,"nonce":"","iat":1778754030}'),
        ('é"', r'{"productCode":"harbor","publicKeyVersion":1,"nonce":"é\"","iat":1778754030}'),
    ],
    ids=["nonce", "no nonce", "empty nonce", "quoted nonce"],
)
def test_header_and_claims_are_these_bytes(nonce, claims):
    """A nonce is in it if one was sent; iat is in whole seconds."""
    registration = msgspec.structs.replace(REGISTRATION, nonce=nonce)
    parts = to_signing_input(registration, NOW + 999_999).split(b".")
    assert list(map(decoded, parts)) == ['{"alg":"PS256","typ":"JWT"}', claims]


def test_a_token_is_three_parts_without_padding():
    """The compact serialization of RFC 7515."""
    assert to_jwt(b"aGU.Y2w", b"\xff\xfe") == "aGU.Y2w.__4"

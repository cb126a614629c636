"""The keys that registrations are verified with, as the operator sees and rotates them."""

import pytest
from asking import ask
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from server import live_server
from waag.config import Settings

HARBOR = "7polderharbor8container9x"
KEYS = f"/products/{HARBOR}/public-keys"
NOW, LATER = "2026-05-14T10:20:30Z", "2026-05-14T11:20:30Z"
SLASHED = b"""
products:
  - id: prod-slashed000001
    code: a/b=c:d_e.f@g
    seller: "120000000001"
    title: Slashed
    type: container
    integration: legacy
    regions: [us-east-1]
    dimensions:
      - {key: scans, type: Metered, unit: Units, price: "1"}
"""


@pytest.fixture(scope="module")
def rotated(tmp_path_factory):
    """A server where a key was looked at, then rotated an hour later."""
    data = tmp_path_factory.mktemp("rotated") / "data"
    with live_server(Settings(data=data)) as server:
        server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW})
        server.first = ask(server, f"GET {KEYS}").body
        server.ask("PUT", "/clock", {"mode": "frozen", "now": LATER})
        server.made = ask(server, f"POST {KEYS}").body
        yield server


def test_the_first_version_is_made_when_it_is_asked_for(rotated):
    """It has version 1, and nothing took its place."""
    [key] = rotated.first["public_keys"]
    assert (rotated.first["product_code"], {**key, "pem": ""}) == (
        HARBOR,
        {"version": 1, "pem": "", "made_at": NOW, "rotated_at": None},
    )


def test_a_public_key_is_an_rsa_key_in_pem(rotated):
    """Of 2048 bits, as PS256 wants at least."""
    key = load_pem_public_key(rotated.made["pem"].encode())
    assert (isinstance(key, RSAPublicKey), key.key_size) == (True, 2048)


def test_rotating_makes_the_next_version(rotated):
    """What is answered is the new key."""
    assert {**rotated.made, "pem": ""} == {
        "version": 2,
        "pem": "",
        "made_at": LATER,
        "rotated_at": None,
    }


def test_the_old_version_stays_and_says_when_it_was_rotated(rotated):
    """All versions are shown, oldest first, each with the key it always had."""
    [first] = rotated.first["public_keys"]
    assert ask(rotated, f"GET {KEYS}").body["public_keys"] == [
        {**first, "rotated_at": LATER},
        rotated.made,
    ]


def test_a_product_code_may_have_slashes(rotated):
    """Any code a product can have names it."""
    rotated.ask("PUT", "/market", SLASHED)
    answer = ask(rotated, "GET /products/a%2Fb=c:d_e.f@g/public-keys")
    assert (answer.status, answer.body["product_code"]) == (200, "a/b=c:d_e.f@g")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("tulips", "There is no product with the product code 'tulips'."),
        ("", "There is no product with the product code ''."),
        (
            "9polderscanner0ami1image2",
            "Product 9polderscanner0ami1image2 is sold as ami; only container products have "
            "public keys.",
        ),
    ],
    ids=["unknown", "empty", "another kind"],
)
def test_only_a_container_product_has_public_keys(rotated, method, code, message):
    """What else is named is not found, and no key is made."""
    answer = ask(rotated, f"{method} /products/{code}/public-keys")
    assert (answer.status, answer.error) == (
        404,
        {"rule": "admin.public-keys", "message": message},
    )


def test_looking_at_keys_needs_the_token(rotated):
    """As every call of the admin API does."""
    assert ask(rotated, f"GET {KEYS}", authorization="Bearer x").status == 401

import json

import pytest
from commands import waag_at

from server import live_server
from waag.config import Settings

HARBOR = "7polderharbor8container9x"


@pytest.fixture(scope="module")
def rotated(tmp_path_factory):
    """A server with two public keys of a product, and these keys."""
    with live_server(Settings(data=tmp_path_factory.mktemp("rotated") / "data")) as running:
        running.ask("POST", f"/products/{HARBOR}/public-keys")
        running.keys = running.ask("GET", f"/products/{HARBOR}/public-keys")["public_keys"]
        yield running


class TestPublicKey:
    """`waag public-key`."""

    @pytest.mark.parametrize(("option", "place"), [("", 1), ("--version 1", 0), ("--version 2", 1)])
    def test_prints_pem(self, rotated, option, place):
        """The newest, or the one asked for, to be put into a file as it is."""
        pem = rotated.keys[place]["pem"]
        assert waag_at(rotated, f"public-key {HARBOR} {option}") == (0, pem, "")

    def test_prints_json(self, rotated):
        """The one key, with its version and dates."""
        ran = waag_at(rotated, f"public-key {HARBOR} --json")
        assert (ran.exit_code, json.loads(ran.stdout)) == (0, rotated.keys[1])

    @pytest.mark.parametrize(
        ("asked", "message"),
        [
            (
                f"{HARBOR} --version 3",
                f"Product {HARBOR} has no public key of version 3; it has versions 1 to 2.",
            ),
            ("tul/ips", "There is no product with the product code 'tul/ips'."),
        ],
        ids=["version", "product"],
    )
    def test_a_refusal_is_its_sentence(self, rotated, asked, message):
        """It goes to standard error, and the exit code is 1."""
        assert waag_at(rotated, f"public-key {asked}") == (1, "", f"Error: {message}\n")

    def test_a_version_that_is_no_number_is_wrong_usage(self, rotated):
        """The exit code is 2."""
        assert waag_at(rotated, f"public-key {HARBOR} --version new").exit_code == 2

import json

import pytest
from commands import waag_at

from server import live_server
from waag.config import Settings

MOLEN = {
    "CustomerIdentifier": "moLenBank01",
    "CustomerAWSAccountId": "210000000001",
    "ProductCode": "1poldertab2lytics3legacy4",
}


@pytest.fixture
def server(tmp_path):
    """A server of this test's own, its clock standing still, since a call is made of it."""
    with live_server(Settings(data=tmp_path / "data")) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T10:20:30Z"})
        yield running


class TestToken:
    """`waag token`."""

    def test_prints_the_token_alone(self, server):
        """What is printed can be handed to ResolveCustomer as it is."""
        ran = waag_at(server, "token agmt-molenanalytics001")
        resolved = server.client().resolve_customer(RegistrationToken=ran.stdout.removesuffix("\n"))
        del resolved["ResponseMetadata"]
        assert (ran.exit_code, resolved, ran.stderr) == (0, MOLEN, "")

    def test_prints_the_expiry_with_json(self, server):
        """What the admin API answers, unchanged."""
        ran = waag_at(server, "token agmt-molenanalytics001 --json")
        answer = json.loads(ran.stdout)
        assert (ran.exit_code, list(answer), answer["expires"]) == (
            0,
            ["token", "expires"],
            "2026-05-14T14:20:30Z",
        )

    @pytest.mark.parametrize("agreement", ["agmt-none", "-", "[red]"])
    def test_a_refusal_is_its_sentence(self, server, agreement):
        """The admin API's sentence goes to standard error, and the exit code is 1."""
        ran = waag_at(server, "token", agreement)
        assert ran == (1, "", f"Error: There is no agreement '{agreement}'.\n")

    def test_an_agreement_has_to_be_named(self, server):
        """Without one the exit code is 2."""
        assert waag_at(server, "token").exit_code == 2

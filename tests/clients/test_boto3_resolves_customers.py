"""An unmodified boto3 resolves registration tokens, as a seller's registration page does."""

import threading
from urllib.parse import parse_qs, quote, urlencode

import cbor2
import pytest
from botocore.exceptions import ClientError
from market_now import NOW
from raw import JSON_1_1, send_signed

from server import DEADLINE, DIJK, MOLEN, POLDER, RESOLVER, live_server
from waag.config import Choices, Settings
from waag.domain.registration import RegistrationChoices, TokenUse

ANALYTICS, VAULT, FORMS = (
    "agmt-molenanalytics001",
    "agmt-molenvault0000001",
    "agmt-grachtforms000001",
)
VAULT_LICENSE = "arn:aws:license-manager::294406891311:license:l-00112233445566778899aabbccddeeff"
MOLEN_BANK = {
    "CustomerIdentifier": "moLenBank01",
    "CustomerAWSAccountId": "210000000001",
    "ProductCode": "1poldertab2lytics3legacy4",
}
CBOR = {
    "Smithy-Protocol": "rpc-v2-cbor",
    "Content-Type": "application/cbor",
    "Accept": "application/cbor",
}
CBOR_PATH = "/service/AWSMPMeteringService/operation/ResolveCustomer"


def token_for(server, agreement=ANALYTICS):
    """What the buyer's browser brings."""
    return server.ask("POST", "/registration-tokens", {"agreement": agreement})["token"]


def resolve(server, token, **client):
    """What the seller is told; the reply's headers left out."""
    answer = server.client(**client).resolve_customer(RegistrationToken=token)
    del answer["ResponseMetadata"]
    return answer


def refused(server, token, **client):
    """The status, code and message of a refusal."""
    with pytest.raises(ClientError) as error:
        resolve(server, token, **client)
    response = error.value.response
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return status, response["Error"]["Code"], response["Error"]["Message"]


INVALID = (400, "InvalidTokenException", "Registration token is invalid")


class TestResolved:
    """What a token stands for."""

    def test_a_legacy_product_has_a_customer_identifier(self, server):
        """Customer, account and product, and no license."""
        assert resolve(server, token_for(server)) == MOLEN_BANK

    def test_concurrent_agreements_have_a_license(self, server):
        """License, account, product and agreement, and no customer identifier."""
        assert resolve(server, token_for(server, VAULT)) == {
            "CustomerAWSAccountId": "210000000001",
            "ProductCode": "5poldervault6concurrent78",
            "LicenseArn": VAULT_LICENSE,
            "Metadata": {"AgreementId": VAULT},
        }

    def test_the_same_token_has_the_same_answer(self, server):
        """Until the last moment of its four hours."""
        token = token_for(server)
        first = resolve(server, token)
        server.ask("POST", "/clock/advance", {"seconds": 4 * 3600 - 1})
        assert resolve(server, token) == first

    def test_any_region_of_the_product_may_be_called(self, server):
        """A token is not bound to a Region."""
        assert resolve(server, token_for(server), region="eu-west-1") == MOLEN_BANK

    def test_the_permission_for_this_operation_is_enough(self, server):
        """A principal that may resolve customers and nothing else is answered."""
        assert resolve(server, token_for(server), credentials=RESOLVER) == MOLEN_BANK

    def test_a_token_through_a_form_is_the_same(self, server):
        """What a browser encodes and the page decodes once is the token."""
        token = token_for(server)
        [arrived] = parse_qs(urlencode({"token": token}))["token"]
        assert resolve(server, arrived) == MOLEN_BANK

    def test_over_cbor(self, server):
        """The answer is the same map in CBOR."""
        body = cbor2.dumps({"RegistrationToken": token_for(server, VAULT)})
        reply = send_signed(server, body, headers=CBOR, path=CBOR_PATH)
        assert (reply.status, cbor2.loads(reply.body)["Metadata"]) == (200, {"AgreementId": VAULT})


class TestInvalid:
    """What is no token that the caller could resolve."""

    @pytest.mark.parametrize("token", ["djfsihsfhsi", " ", "\n", "é", "x" * 10_000, "=" * 152])
    def test_garbage(self, shared_server, token):
        """The message is the real service's, to the letter."""
        assert refused(shared_server, token) == INVALID

    def test_an_empty_token_breaks_its_shape(self, shared_server):
        """The model asks for one character at least; boto3 leaves the check to the service."""
        assert refused(shared_server, "") == (
            400,
            "ValidationException",
            "1 validation error detected: Value '' at 'registrationToken' failed to satisfy "
            r"constraint: Member must satisfy regular expression pattern: [\s\S]+",
        )

    @pytest.mark.parametrize("place", [0, 3, 4, 80, 149, 151])
    def test_an_edited_token(self, shared_server, place):
        """One character that is another makes it invalid."""
        token = token_for(shared_server)
        edited = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert refused(shared_server, edited) == INVALID

    def test_another_servers_token(self, shared_server, server):
        """Each data directory has its own key."""
        assert refused(server, token_for(shared_server)) == INVALID

    def test_another_sellers_product(self, shared_server):
        """A token is resolved by the account that published the product."""
        assert refused(shared_server, token_for(shared_server), credentials=DIJK) == INVALID

    def test_another_sellers_product_is_explained(self, shared_server):
        """The operator is told whose it is, and who called."""
        refused(shared_server, token_for(shared_server, FORMS))
        call = shared_server.latest_call()
        assert (call["rule"], call["why"]) == (
            "registration.token",
            "The token is for product 3dijkforms4requests5saas6 of account 120000000002; account "
            "120000000001 called. Call with credentials of the account that published the product.",
        )

    def test_an_agreement_that_is_no_longer_there(self, tmp_path):
        """The key outlived the ledger: the token is genuine, and stands for nothing."""
        data = tmp_path / "data"
        with live_server(Settings(data=data)) as server:
            token = token_for(server)
        for file in data.glob("ledger.sqlite*"):
            file.unlink()
        market = tmp_path / "market.yaml"
        market.write_text(
            "accounts:\n"
            "  - {id: '120000000001', name: Polder, kind: seller, principals: [{user: ci,\n"
            f"     access_key_id: {POLDER[0]}, secret_access_key: {POLDER[1]},\n"
            "     policies: [MarketplaceSeller]}]}\n"
        )
        with live_server(Settings(data=data, market_file=market)) as server:
            assert (refused(server, token), server.latest_call()["why"]) == (
                INVALID,
                f"The token is for agreement {ANALYTICS}, which this market has not.",
            )

    @pytest.mark.parametrize(
        ("damage", "told"),
        [
            (lambda token: token.replace("+", " "), "has spaces where it had '+'"),
            (lambda token: token.replace("+", "%2B"), "is percent-encoded"),
            (
                lambda token: quote(quote(token, safe=""), safe=""),
                "below that it is percent-encoded a second time",
            ),
            (lambda token: f"{token}\n", "has line breaks in it or white space around it"),
            (lambda token: token.rstrip("="), "lacks '=' at its end"),
        ],
        ids=["spaces", "encoded", "encoded twice", "newline", "padding"],
    )
    def test_a_mangled_token_is_explained(self, shared_server, damage, told):
        """The seller is told what AWS would tell; the operator what happened to the token."""
        answered = refused(shared_server, damage(token_for(shared_server)))
        why = shared_server.latest_call()["why"]
        assert (answered, told in why, ANALYTICS in why) == (INVALID, True, True)

    def test_over_cbor(self, shared_server):
        """The error has its absolute shape id."""
        body = cbor2.dumps({"RegistrationToken": "x"})
        reply = send_signed(shared_server, body, headers=CBOR, path=CBOR_PATH)
        assert (reply.status, cbor2.loads(reply.body)) == (
            400,
            {
                "__type": "com.amazonaws.marketplacemetering#InvalidTokenException",
                "message": "Registration token is invalid",
            },
        )

    @pytest.mark.parametrize("body", [b"{}", b'{"RegistrationToken": null}'], ids=["none", "null"])
    def test_no_token_at_all(self, shared_server, body):
        """An SDK would not send that; it breaks the shape."""
        headers = JSON_1_1 | {"X-Amz-Target": "AWSMPMeteringService.ResolveCustomer"}
        reply = send_signed(shared_server, body, headers=headers)
        assert (reply.status, reply.code) == (400, "ValidationException")


class TestExpired:
    """Tokens whose time is over."""

    def test_after_four_hours(self, server):
        """The refusal says until when it was valid."""
        token = token_for(server)
        server.ask("POST", "/clock/advance", {"seconds": 4 * 3600})
        assert refused(server, token) == (
            400,
            "ExpiredTokenException",
            "The submitted registration token has expired. Issued at 2026-05-14T10:20:30.123456Z, "
            "it was valid until 2026-05-14T14:20:30.123456Z; it is 2026-05-14T14:20:30.123456Z.",
        )

    def test_a_clock_turned_back_makes_it_valid_again(self, server):
        """Nothing but the clock decides."""
        token = token_for(server)
        server.ask("POST", "/clock/advance", {"seconds": 4 * 3600})
        refused(server, token)
        server.ask("PUT", "/clock", {"now": NOW.isoformat()})
        assert resolve(server, token) == MOLEN_BANK

    def test_a_typed_exception_is_raised(self, server):
        """Boto3 maps the code to the exception class of its model."""
        token = token_for(server)
        server.ask("POST", "/clock/advance", {"seconds": 4 * 3600})
        client = server.client()
        with pytest.raises(client.exceptions.ExpiredTokenException):
            client.resolve_customer(RegistrationToken=token)


SINGLE = RegistrationChoices(token_use=TokenUse.SINGLE)
USED = (
    400,
    "ExpiredTokenException",
    "The submitted registration token has expired. It was used up at 2026-05-14T10:20:30.123456Z: "
    "the buyer has resubmitted it, or the same call was sent again. A token is taken once here.",
)


@pytest.fixture
def single(tmp_path):
    """A server whose tokens can be used once, its clock standing still at NOW."""
    with live_server(
        Settings(data=tmp_path / "single", choices=Choices(registration=SINGLE))
    ) as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
        yield running


class TestSingleUse:
    """The choice `token-use=single`."""

    def test_the_second_call_is_refused(self, single):
        """The buyer has resubmitted the token."""
        token = token_for(single)
        assert (resolve(single, token), refused(single, token)) == (MOLEN_BANK, USED)

    def test_a_clock_turned_back_does_not_bring_it_back(self, single):
        """What was used stays used."""
        token = token_for(single)
        resolve(single, token)
        single.ask("PUT", "/clock", {"now": "2026-05-14T10:00:00Z"})
        assert refused(single, token) == USED

    def test_a_restart_does_not_bring_it_back(self, tmp_path):
        """It is kept in the ledger before the first call is answered."""
        settings = Settings(data=tmp_path / "data", choices=Choices(registration=SINGLE))
        with live_server(settings) as server:
            server.ask("PUT", "/clock", {"mode": "frozen", "now": NOW.isoformat()})
            token = token_for(server)
            resolve(server, token)
        with live_server(settings) as server:
            assert refused(server, token) == USED

    def test_a_refused_call_does_not_use_it_up(self, single):
        """Another seller's attempt leaves it to the right one."""
        token = token_for(single)
        refused(single, token, credentials=DIJK)
        assert resolve(single, token) == MOLEN_BANK

    def test_of_callers_at_the_same_time_one_is_answered(self, single):
        """However many come at once, exactly one is told the customer."""
        token = token_for(single)
        together = threading.Barrier(4)
        answered = []

        def call():
            client = single.client()
            together.wait(DEADLINE)
            try:
                client.resolve_customer(RegistrationToken=token)
                answered.append("resolved")
            except client.exceptions.ExpiredTokenException:
                answered.append("expired")

        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE)
        assert sorted(answered) == ["expired"] * 3 + ["resolved"]


def test_a_region_in_which_the_product_is_not_offered(shared_server):
    """Customers are resolved in the product's Regions."""
    assert refused(shared_server, token_for(shared_server), region="ap-south-1") == (
        400,
        "DisabledApiException",
        "The API is disabled in the Region. Product 1poldertab2lytics3legacy4 is not offered in "
        "ap-south-1; it is in eu-west-1, us-east-1.",
    )


def test_a_caller_without_the_permission(shared_server):
    """A buyer's workload may meter, but not resolve."""
    token = token_for(shared_server)
    assert refused(shared_server, token, credentials=MOLEN)[:2] == (400, "AccessDeniedException")


def test_a_token_stands_in_no_record_of_a_call(shared_server):
    """It is a secret; what is shown of a text that was refused does not reach to use it."""
    token = token_for(shared_server)
    altered = f"{token[:-4]}xx=="
    resolve(shared_server, token)
    refused(shared_server, altered)
    shown = str(shared_server.ask("GET", "/calls?limit=2"))
    assert [each for each in (token, altered) if each[24:] in shown] == []

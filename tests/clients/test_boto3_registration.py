"""An unmodified boto3 in a container registers it with RegisterUsage, and verifies the reply."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from market_now import NOW
from workload_market import (
    ABROAD,
    AGENT,
    DENIED,
    ENDED,
    FAR_TASK,
    HARBOR,
    INSTANCE_2,
    NOWHERE,
    POD,
    SCANNER,
    STRANGER,
    TASK,
    USER,
)

from server import MOLEN_TASK, POLDER

KEYS = f"/products/{HARBOR}/public-keys"


def register(server, who=TASK, region="us-east-1", **given):
    """Register with the first public key; a member given as None is left out."""
    usual = {"ProductCode": HARBOR, "PublicKeyVersion": 1}
    sent = {name: value for name, value in (usual | given).items() if value is not None}
    return server.client(getattr(who, "credentials", who), region=region).register_usage(**sent)


def code(server, *who, **given):
    """The error code that a registration is answered with."""
    with pytest.raises(ClientError) as refused:
        register(server, *who, **given)
    return refused.value.response["Error"]["Code"]


def verified(server, token, version=1):
    """Header and claims of a token, to the byte, once its signature has been verified.

    By the steps of RFC 7515, section 5.2, and RFC 7518, section 3.5, without Waag's own code.
    """
    header, claims, signature = token.split(".")
    assert "=" not in token
    pem = server.ask("GET", KEYS)["public_keys"][version - 1]["pem"]
    load_pem_public_key(pem.encode()).verify(
        _decoded(signature),
        f"{header}.{claims}".encode(),
        padding.PSS(padding.MGF1(SHA256()), salt_length=32),
        SHA256(),
    )
    return _decoded(header), _decoded(claims)


def _decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class TestToken:
    """The signed reply."""

    @pytest.mark.parametrize(
        ("nonce", "claim"),
        [(None, ""), ("n-1", '"nonce":"n-1",'), ("", '"nonce":"",')],
        ids=["none", "given", "empty"],
    )
    def test_header_and_claims_are_these_bytes(self, workloads, nonce, claim):
        """PS256 over the product, the key's version, the nonce if one was sent, and the time."""
        token = register(workloads, Nonce=nonce)["Signature"]
        claims = f'{{"productCode":"{HARBOR}","publicKeyVersion":1,{claim}"iat":1778754030}}'
        assert verified(workloads, token) == (b'{"alg":"PS256","typ":"JWT"}', claims.encode())

    def test_a_nonce_has_up_to_255_characters(self, workloads):
        """As some software sends."""
        token = register(workloads, Nonce="n" * 255)["Signature"]
        assert json.loads(verified(workloads, token)[1])["nonce"] == "n" * 255

    @pytest.mark.parametrize("who", [TASK, POD], ids=["ecs", "eks"])
    def test_tasks_and_pods_register(self, workloads, who):
        """On ECS and EKS."""
        assert verified(workloads, register(workloads, who)["Signature"])[0] != b""

    def test_the_same_again_is_signed_again(self, workloads):
        """A nonce that was sent before is the software's to judge."""
        tokens = [register(workloads, Nonce="n")["Signature"] for _ in range(2)]
        first, again = (verified(workloads, token) for token in tokens)
        assert first == again

    def test_the_newest_key_has_no_rotation_timestamp(self, workloads):
        """It is there only once a newer key is."""
        assert "PublicKeyRotationTimestamp" not in register(workloads)


def test_the_demo_market_has_a_task_that_registers(server):
    """Without a market file of one's own."""
    assert verified(server, register(server, MOLEN_TASK)["Signature"])[0] != b""


class TestRotation:
    """Several versions of the key."""

    @pytest.fixture
    def rotated(self, workloads):
        """Registered with the first key, and a newer one made an hour later."""
        register(workloads)
        workloads.ask("POST", "/clock/advance", {"seconds": 3600})
        workloads.ask("POST", KEYS)
        return workloads

    def test_an_old_key_goes_on_working(self, rotated):
        """Its replies say since when there is a newer one."""
        reply = register(rotated)
        verified(rotated, reply["Signature"], version=1)
        assert reply["PublicKeyRotationTimestamp"] == NOW + timedelta(hours=1)

    def test_the_new_key_signs_its_own_version(self, rotated):
        """The claims name it."""
        reply = register(rotated, PublicKeyVersion=2)
        claims = json.loads(verified(rotated, reply["Signature"], version=2)[1])
        assert (claims["publicKeyVersion"], "PublicKeyRotationTimestamp" in reply) == (2, False)

    def test_a_whole_second_is_a_whole_number(self, workloads):
        """SDKs that read no fractions read it."""
        register(workloads)
        workloads.ask("PUT", "/clock", {"mode": "frozen", "now": "2026-05-14T12:00:00Z"})
        workloads.ask("POST", KEYS)
        found = register(workloads)["PublicKeyRotationTimestamp"]
        assert found == datetime(2026, 5, 14, 12, tzinfo=UTC)


class TestRefused:
    """Modelled errors, each with a real client."""

    @pytest.mark.parametrize(
        ("expected", "given"),
        [
            ("InvalidRegionException", {"region": "eu-west-1"}),
            ("InvalidRegionException", {"who": FAR_TASK}),
            ("InvalidProductCodeException", {"ProductCode": "nosuch"}),
            ("InvalidProductCodeException", {"ProductCode": SCANNER}),
            ("InvalidProductCodeException", {"ProductCode": "1poldertab2lytics3legacy4"}),
            ("DisabledApiException", {"ProductCode": ABROAD}),
            ("InvalidPublicKeyVersionException", {"PublicKeyVersion": 2}),
            ("InvalidPublicKeyVersionException", {"PublicKeyVersion": 2147483647}),
            ("PlatformNotSupportedException", {"who": INSTANCE_2}),
            ("PlatformNotSupportedException", {"who": AGENT}),
            ("PlatformNotSupportedException", {"who": NOWHERE}),
            ("PlatformNotSupportedException", {"who": USER}),
            ("CustomerNotEntitledException", {"who": STRANGER}),
            ("AccessDeniedException", {"who": DENIED}),
            ("PlatformNotSupportedException", {"who": POLDER}),
            ("ValidationException", {"Nonce": "n" * 256}),
        ],
    )
    def test_what_may_not_register_is_told_why(self, workloads, expected, given):
        """Nothing is signed."""
        assert code(workloads, **given) == expected

    def test_boto3_refuses_version_0_itself(self, workloads):
        """It never gets to the server."""
        with pytest.raises(ParamValidationError):
            register(workloads, PublicKeyVersion=0)

    def test_a_refusal_is_explained(self, workloads):
        """The operator sees the rule, the value and what would have passed."""
        code(workloads, PublicKeyVersion=2)
        call = workloads.latest_call()
        assert (call["operation"], call["rule"], call["why"]) == (
            "RegisterUsage",
            "workload.public-key",
            f"Product {HARBOR} has no public key of version 2; it has versions 1 to 1.",
        )


class TestEntitlement:
    """Whether the account has an agreement is asked at a task's first call alone."""

    def test_a_task_goes_on_after_the_agreement_ended(self, workloads):
        """It may register again."""
        register(workloads)
        workloads.ask("PUT", "/market", ENDED)
        assert verified(workloads, register(workloads)["Signature"])[0] != b""

    def test_another_task_may_not_begin(self, workloads):
        """It is another first call."""
        register(workloads)
        workloads.ask("PUT", "/market", ENDED)
        assert code(workloads, POD) == "CustomerNotEntitledException"

    def test_a_refused_call_is_no_first_call(self, workloads):
        """A task is known once it has had an accepted one."""
        code(workloads, PublicKeyVersion=2)
        workloads.ask("PUT", "/market", ENDED)
        assert code(workloads) == "CustomerNotEntitledException"

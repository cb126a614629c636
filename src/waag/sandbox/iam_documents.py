"""Policy documents as the embedded IAM takes them."""

from typing import Any, cast

import msgspec

from waag.domain.policies import PolicyMalformed, parse_policy
from waag.domain.resource_policies import parse_resource_policy
from waag.sandbox.refusals import InputInvalid

_DOCUMENT_BYTES_MAX = 10_240


def check_policy(document: str) -> None:
    """Refuse what is no identity-based policy.

    Raises:
        InputInvalid: with IAM's error code.
    """
    try:
        decoded: Any = msgspec.json.decode(document)
        if not isinstance(decoded, dict):
            raise _malformed("The policy is no JSON object.")
        parse_policy(cast("dict[str, Any]", decoded), "document")
    except msgspec.DecodeError as error:
        raise _malformed(f"The policy is no JSON: {error}.") from error
    except PolicyMalformed as refused:
        raise _malformed(refused.why) from refused
    _check_size(document)


def check_trust(document: str) -> None:
    """Refuse what is no trust policy.

    Raises:
        InputInvalid: with IAM's error code.
    """
    try:
        parse_resource_policy(document, "trust policy", "*")
    except PolicyMalformed as refused:
        raise _malformed(refused.why) from refused
    _check_size(document)


def _check_size(document: str) -> None:
    if len(document.encode()) > _DOCUMENT_BYTES_MAX:
        raise InputInvalid(
            "LimitExceeded", f"A policy has at most {_DOCUMENT_BYTES_MAX} bytes.", status=409
        )


def _malformed(why: str) -> InputInvalid:
    return InputInvalid("MalformedPolicyDocument", why)

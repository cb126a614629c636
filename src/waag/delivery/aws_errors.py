"""What AWS's refusals mean to a delivery: whether the same may work later, and what to fix."""

from typing import Any

from waag.domain.analytics.refusals import DestinationRefused, DestinationUnreachable
from waag.domain.refusals import Refusal

_LATER_STATUSES = frozenset({408, 425, 429})
_SERVER_ERRORS = 500

_LATER_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "ExpiredToken",
        "ExpiredTokenException",
        "OperationAborted",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestExpired",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeTooSkewed",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""Source: botocore, the codes it sends again; and of time that has passed."""

_CREDENTIALS_CODES = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""Waag's own credentials are at fault, and the operator's to fix, not the seller's."""

DENIED_CODES = frozenset(
    {"AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException"}
)


def code_of(error: Any) -> str:
    """The code of a botocore ClientError."""
    return str(error.response.get("Error", {}).get("Code", "Unknown"))


def refused(error: Any, fix: str) -> Refusal:
    """What a ClientError of botocore comes to.

    Args:
        error: the answer.
        fix: a sentence without its full stop: what the seller may have to change.

    Returns:
        DestinationUnreachable if the same may work later, else DestinationRefused.
    """
    code = code_of(error)
    metadata = error.response.get("ResponseMetadata", {})
    status = int(metadata.get("HTTPStatusCode", _SERVER_ERRORS))
    said = f"{error.operation_name}: {code}: {error.response.get('Error', {}).get('Message', '')}"
    if status >= _SERVER_ERRORS or status in _LATER_STATUSES or code in _LATER_CODES:
        return DestinationUnreachable(said)
    if code in _CREDENTIALS_CODES:
        return DestinationUnreachable(f"The credentials that Waag delivers with failed. {said}")
    return DestinationRefused(f"{fix}. AWS said {said}")

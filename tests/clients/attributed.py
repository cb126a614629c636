"""Calls of the revenue measurement service, for tests of it."""

from typing import Any

from botocore.exceptions import ClientError

from server import POLDER, RunningWaag

POLDER_ACCOUNT, DIJK_ACCOUNT = "120000000001", "120000000002"
ANALYTICS, FORMS = "prod-polderanalyt1", "prod-dijkforms0001"
ARN_START = f"arn:aws:partnercentral:us-east-1:{POLDER_ACCOUNT}:catalog"


def revenue_client(
    server: RunningWaag, credentials: tuple[str, ...] = POLDER, **config: Any
) -> Any:
    """A boto3 client of the service."""
    return server.client(credentials, "partnercentral-revenue-measurement", **config)


def created(client: Any, **given: Any) -> Any:
    """What CreateRevenueAttribution answers; in the catalog AWS unless another is given."""
    asked = {"Catalog": "AWS", "Name": "Analytics", "TenancyModel": "MULTI_TENANT"}
    answer = client.create_revenue_attribution(**(asked | given))
    answer.pop("ResponseMetadata")
    return answer


def got(client: Any, identifier: str, **given: Any) -> Any:
    """What GetRevenueAttribution answers."""
    answer = client.get_revenue_attribution(
        **({"Catalog": "AWS", "Identifier": identifier} | given)
    )
    answer.pop("ResponseMetadata")
    return answer


def updated(client: Any, identifier: str, revision: str, **given: Any) -> Any:
    """What UpdateRevenueAttribution answers."""
    answer = client.update_revenue_attribution(
        **({"Catalog": "AWS", "Identifier": identifier, "Revision": revision} | given)
    )
    answer.pop("ResponseMetadata")
    return answer


def refusal(call: Any, **given: Any) -> Any:
    """The error that a call is refused with, as boto3 tells it."""
    try:
        call(**given)
    except ClientError as error:
        return error.response
    raise AssertionError(f"{call.__name__} was not refused")


def refused(call: Any, **given: Any) -> tuple[int, str, str]:
    """The status, code and reason of the error that a call is refused with."""
    error = refusal(call, **given)
    status = error["ResponseMetadata"]["HTTPStatusCode"]
    return status, error["Error"]["Code"], error.get("Reason", "")


def fields(error: Any) -> list[tuple[str, str]]:
    """Which fields an error is about, and the code of each."""
    return [(each["Name"], each["Code"]) for each in error["FieldList"]]


NOT_FOUND = (404, "ResourceNotFoundException", "RESOURCE_NOT_FOUND")
INVALID_REQUEST = (400, "ValidationException", "REQUEST_VALIDATION_FAILED")
RULE_BROKEN = (400, "ValidationException", "BUSINESS_VALIDATION_FAILED")
DENIED = (403, "AccessDeniedException", "ACCESS_DENIED")


def conflict(reason: str) -> tuple[int, str, str]:
    """A conflict for this reason."""
    return (409, "ConflictException", reason)


def over_quota(reason: str) -> tuple[int, str, str]:
    """A quota of this kind that is used up."""
    return (402, "ServiceQuotaExceededException", reason)

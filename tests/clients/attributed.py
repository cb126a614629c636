"""Calls of the revenue measurement service, for tests of it."""

from typing import Any

from botocore.exceptions import ClientError

from server import POLDER, RunningWaag


def revenue_client(
    server: RunningWaag, credentials: tuple[str, ...] = POLDER, **config: Any
) -> Any:
    """A boto3 client of the service."""
    return server.client(credentials, "partnercentral-revenue-measurement", **config)


def created(client: Any, **given: Any) -> Any:
    """What CreateRevenueAttribution answers; in the catalog AWS unless another is given."""
    asked = {"Catalog": "AWS", "Name": "Analytics", "TenancyModel": "MULTI_TENANT"}
    return client.create_revenue_attribution(**(asked | given))


def refused(call: Any, **given: Any) -> tuple[str, str]:
    """The code and reason of the error that a call is refused with; empty if it is not."""
    try:
        call(**given)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response.get("Reason", "")
    return "", ""

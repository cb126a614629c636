"""Calls about marketplace revenue shares, for tests of them; the clock stands at 14 May 2026."""

from typing import Any

from botocore.exceptions import ClientError

PRODUCT, VAULT = "prod-polderanalyt1", "prod-poldervault01"
ARN = "arn:aws:partnercentral:us-east-1:120000000001:catalog/AWS/marketplace-revenue-share"


class ShareCalls:
    """Calls of one boto3 client, about the share of PRODUCT in the catalog AWS unless told so.

    Args:
        client: of the service.
    """

    def __init__(self, client: Any) -> None:
        self.client = client

    def share(self, product: str = PRODUCT, **given: Any) -> Any:
        """CreateMarketplaceRevenueShare."""
        asked = {"Catalog": "AWS", "ProductId": product, **given}
        return _plain(self.client.create_marketplace_revenue_share(**asked))

    def get_share(self, **given: Any) -> Any:
        """GetMarketplaceRevenueShare."""
        return _plain(self.client.get_marketplace_revenue_share(**_of_share(given)))

    def allocate(self, start: str, end: str | None = None, **given: Any) -> Any:
        """CreateMarketplaceRevenueShareAllocation; of 15.50 % without an end."""
        asked = {"EffectiveFrom": start, "RevenueSharePercent": "15.50"}
        if end is not None:
            asked["EffectiveUntil"] = end
        asked = _of_share(asked | given)
        return _plain(self.client.create_marketplace_revenue_share_allocation(**asked))

    def edit(self, allocation: Any, revision: int, **given: Any) -> Any:
        """UpdateMarketplaceRevenueShareAllocation."""
        asked = _of_share(
            {
                "MarketplaceRevenueShareAllocationId": _id(allocation),
                "MarketplaceRevenueShareRevision": str(revision),
                **given,
            }
        )
        return _plain(self.client.update_marketplace_revenue_share_allocation(**asked))

    def get(self, allocation: Any, **given: Any) -> Any:
        """GetMarketplaceRevenueShareAllocation."""
        asked = _of_share({"MarketplaceRevenueShareAllocationId": _id(allocation), **given})
        return _plain(self.client.get_marketplace_revenue_share_allocation(**asked))

    def listed(self, **given: Any) -> Any:
        """ListMarketplaceRevenueShareAllocations: the summaries."""
        found = self.client.list_marketplace_revenue_share_allocations(**_of_share(given))
        return found["MarketplaceRevenueShareAllocationSummaries"]

    def starts(self, **given: Any) -> list[str]:
        """The first days of the allocations that are listed."""
        return [each["EffectiveFrom"] for each in self.listed(**given)]

    def list_shares(self, **given: Any) -> list[str]:
        """ListMarketplaceRevenueShares: the ids of the products."""
        found = self.client.list_marketplace_revenue_shares(**({"Catalog": "AWS"} | given))
        return [each["ProductId"] for each in found["MarketplaceRevenueShareSummaries"]]


def _of_share(given: dict[str, Any]) -> dict[str, Any]:
    return {"Catalog": "AWS", "ProductId": PRODUCT} | given


def _id(allocation: Any) -> str:
    return allocation["MarketplaceRevenueShareAllocationId"]


def _plain(answer: Any) -> Any:
    """An answer without what boto3 says of the reply."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def problems(call: Any, *args: Any, **given: Any) -> tuple[str, list[tuple[str, str]]]:
    """What is wrong with a request: the reason, and each field with its code."""
    try:
        call(*args, **given)
    except ClientError as error:
        fields = [(each["Name"], each["Code"]) for each in error.response.get("FieldList", [])]
        return error.response.get("Reason", error.response["Error"]["Code"]), fields
    return "", []

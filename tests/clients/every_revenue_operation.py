"""Drives every operation of revenue measurement that is served, as a program of its own.

A program, since botocore looks for the CRT when it is imported. Its arguments are the endpoint,
`with` or `without` the CRT, the preferred scheme or nothing, an access key and its secret; it
writes, as JSON, which operations answered and how the requests were signed.
"""

import json
import sys
from typing import Any

PRODUCT = "prod-polderanalyt1"
IN_AWS = {"Catalog": "AWS"}
OF_SHARE = {**IN_AWS, "ProductId": PRODUCT}


def drive(client: Any) -> None:
    """Call every operation once or more, each with what those before it answered.

    Raises:
        ClientError: one is refused.
    """
    _drive_allocations(client, _drive_attributions(client))
    share = client.create_marketplace_revenue_share(**OF_SHARE)
    _drive_allocations_of_shares(client)
    assert client.get_marketplace_revenue_share(**OF_SHARE)["LatestRevision"] == 3
    assert client.list_marketplace_revenue_shares(**IN_AWS)["MarketplaceRevenueShareSummaries"]
    _drive_tags(client, share["Arn"])


def _drive_attributions(client: Any) -> str:
    """The ARN of the attribution, which is at revision 2."""
    made = client.create_revenue_attribution(
        **IN_AWS, Name="Analytics", TenancyModel="MULTI_TENANT"
    )
    named = {**IN_AWS, "Identifier": made["Arn"]}
    client.update_revenue_attribution(**named, Revision=made["Revision"], Description="All of it")
    assert client.get_revenue_attribution(**named)["Description"] == "All of it"
    assert client.list_revenue_attributions(**IN_AWS)["RevenueAttributionSummaries"]
    return made["Arn"]


def _drive_allocations(client: Any, arn: str) -> None:
    named = {**IN_AWS, "RevenueAttributionIdentifier": arn}
    record = {
        "Action": "CREATE",
        "EntityType": "OFFER",
        "EntityIdentifier": "offer-polderspring1",
        "CustomerAwsAccountId": "210000000001",
        "RevenueSharePercent": "15.50",
        "EffectiveFrom": "2026-06-01",
        "EffectiveUntil": "2026-06-30",
    }
    client.start_revenue_attribution_allocations_task(
        **named, RevenueAttributionRevision="2", RevenueShareAllocations=[record]
    )
    status = "IN_PROGRESS"
    while status == "IN_PROGRESS":
        status = client.get_revenue_attribution_allocations_task(**named)["Status"]
    listed = client.list_revenue_attribution_allocations(**named)
    (made,) = listed["RevenueAttributionAllocationSummaries"]
    allocation_id = made["RevenueAttributionAllocationId"]
    found = client.get_revenue_attribution_allocation(
        **named, RevenueAttributionAllocationId=allocation_id
    )
    assert (status, found["EntityName"]) == ("COMPLETE", "Spring")


def _drive_allocations_of_shares(client: Any) -> None:
    made = client.create_marketplace_revenue_share_allocation(
        **OF_SHARE, EffectiveFrom="2026-06-01", RevenueSharePercent="15.50"
    )
    named = {
        **OF_SHARE,
        "MarketplaceRevenueShareAllocationId": made["MarketplaceRevenueShareAllocationId"],
    }
    client.update_marketplace_revenue_share_allocation(
        **named,
        MarketplaceRevenueShareRevision=made["LatestMarketplaceRevenueShareRevision"],
        RevenueSharePercent="7.5",
    )
    found = client.get_marketplace_revenue_share_allocation(**named)
    assert found["RevenueSharePercent"] == "7.5"
    listed = client.list_marketplace_revenue_share_allocations(**OF_SHARE)
    assert len(listed["MarketplaceRevenueShareAllocationSummaries"]) == 1


def _drive_tags(client: Any, arn: str) -> None:
    client.tag_resource(resourceArn=arn, tags=[{"Key": "team", "Value": "blue"}])
    assert client.list_tags_for_resource(resourceArn=arn)["tags"]
    client.untag_resource(resourceArn=arn, tagKeys=["team"])


def main() -> None:
    """Drive, and write what was seen."""
    endpoint, crt, scheme, access_key, secret = sys.argv[1:]
    if crt == "without":
        sys.modules["awscrt"] = None  # pyright: ignore[reportArgumentType] as if not installed
    import boto3  # noqa: PLC0415 - only now, so that it finds the CRT or does not
    import botocore.compat  # noqa: PLC0415
    import botocore.config  # noqa: PLC0415

    assert botocore.compat.HAS_CRT is (crt == "with")
    config = botocore.config.Config(retries={"total_max_attempts": 1})
    if scheme:
        config = config.merge(botocore.config.Config(auth_scheme_preference=scheme))
    client = boto3.client(
        "partnercentral-revenue-measurement",
        region_name="eu-west-1",
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret,
        config=config,
    )
    operations: set[str] = set()
    algorithms: set[str] = set()

    def before_send(request: Any, **_: Any) -> None:
        algorithms.add(request.headers["Authorization"].decode().split()[0])

    def after_call(http_response: Any, model: Any, **_: Any) -> None:
        if http_response.status_code == 200:
            operations.add(model.name)

    client.meta.events.register("before-send", before_send)
    client.meta.events.register("after-call", after_call)
    drive(client)
    sys.stdout.write(json.dumps({"operations": sorted(operations), "signed": sorted(algorithms)}))


if __name__ == "__main__":
    main()

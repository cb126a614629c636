"""The third part of the demonstration: revenue attributed to deals, followed to its end.

A batch of changes is carried out after its request was answered: the one that is too much fails
with every error in it, the one that is not is applied whole.
"""

import time
from calendar import monthrange
from datetime import datetime
from typing import Any

from meter_usage import Demo

MOLEN, GRACHT = "210000000001", "210000000002"
OPPORTUNITY, OFFER = "O1000001", "offer-grachtvault01"
PATIENCE_SECONDS = 10


def attribute(demo: Demo) -> None:
    """Share this month's revenue between two deals: too much of it, then all of it."""
    revenue = demo.client(service="partnercentral-revenue-measurement")
    month = datetime.fromisoformat(demo.waag("clock")["now"]).strftime("%Y-%m")
    attribution: str = revenue.create_revenue_attribution(
        Catalog="AWS", Name="Polder Vault", TenancyModel="MULTI_TENANT"
    )["Id"]
    named = {"Catalog": "AWS", "RevenueAttributionIdentifier": attribution}

    def submitted(molen: str, gracht: str) -> str:
        batch = [_record(OPPORTUNITY, MOLEN, molen, month), _record(OFFER, GRACHT, gracht, month)]
        return revenue.start_revenue_attribution_allocations_task(
            **named, RevenueAttributionRevision="1", RevenueShareAllocations=batch
        )["Status"]

    def ended() -> str:
        until = time.monotonic() + PATIENCE_SECONDS
        task: Any = {"Status": "IN_PROGRESS"}
        while task["Status"] == "IN_PROGRESS" and time.monotonic() < until:
            task = revenue.get_revenue_attribution_allocations_task(**named)
        errors = {each["ErrorCode"] for each in task.get("ErrorDetailList", ())}
        return " ".join((task["Status"], *errors))

    def remaining() -> str:
        (shared,) = demo.waag("attribution", "show", attribution)["months"]
        return f"{shared['first']}: {shared['remaining']} %"

    demo.step("60 % and 41 % of a month", "IN_PROGRESS", lambda: submitted("60", "41"))
    demo.step("… followed to its end", "FAILED ALLOCATION_CAP_EXCEEDED", ended)
    demo.step("60 % and 40 % of it", "IN_PROGRESS", lambda: submitted("60", "40"))
    demo.step("… followed to its end", "COMPLETE", ended)
    demo.step("what remains of the month", f"{month}: 0.00 %", remaining)


def _record(deal: str, customer: str, percent: str, month: str) -> dict[str, str]:
    year, number = map(int, month.split("-"))
    return {
        "Action": "CREATE",
        "EntityType": "OPPORTUNITY" if deal == OPPORTUNITY else "OFFER",
        "EntityIdentifier": deal,
        "CustomerAwsAccountId": customer,
        "RevenueSharePercent": percent,
        "EffectiveFrom": f"{month}-01",
        "EffectiveUntil": f"{month}-{monthrange(year, number)[1]}",
    }

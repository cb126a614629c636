"""Allocations tasks through boto3: submitted, and waited for.

The market has deals of Polder's with both buyers; the clock stands still on 14 May 2026, unless a
test turns it.
"""

import time
from collections.abc import Sequence
from copy import copy
from typing import Any

import msgspec
from attributed import DIJK_ACCOUNT, POLDER_ACCOUNT, created, revenue_client

from allocated import days_of
from server import DEADLINE, RunningWaag

MOLEN, GRACHT = "210000000001", "210000000002"
LAUNCHED = ("O1000001", "O1000002", "O1000003")


def deals() -> bytes:
    """A market file with deals."""
    polder = {"type": "OPPORTUNITY", "owner": POLDER_ACCOUNT, "customer": MOLEN}
    launched = [
        {**polder, "id": each, "name": f"Deal {each}", "stage": "Launched"} for each in LAUNCHED
    ]
    others = [
        {**polder, "id": "O1000009", "name": "Prospect", "stage": "Prospect"},
        {**polder, "id": "O2000001", "name": "Dijk's", "owner": DIJK_ACCOUNT, "stage": "Launched"},
        {**polder, "id": "offer-polder1", "name": "Private offer", "type": "OFFER"},
    ]
    return msgspec.json.encode({"deals": [*launched, *others]})


def record(percent: str = "60", month: str = "2026-05", **given: Any) -> dict[str, Any]:
    """A record that creates an allocation; a member given as None is left out."""
    days = days_of(month)
    usual = {
        "Action": "UPDATE" if "RevenueAttributionAllocationId" in given else "CREATE",
        "EntityType": "OPPORTUNITY",
        "EntityIdentifier": LAUNCHED[0],
        "CustomerAwsAccountId": MOLEN,
        "RevenueSharePercent": percent,
        "EffectiveFrom": days["effective_from"],
        "EffectiveUntil": days["effective_until"],
    }
    return {name: value for name, value in (usual | given).items() if value is not None}


def many(count: int, percent: str = "0.4") -> list[dict[str, Any]]:
    """So many records of months one after another."""
    months = [f"{2026 + (4 + each) // 12}-{(4 + each) % 12 + 1:02}" for each in range(count)]
    return [record(percent, month) for month in months]


class Partner:
    """Polder's client, and an attribution of it.

    Attributes:
        id: of the attribution.
    """

    def __init__(self, server: RunningWaag, catalog: str = "AWS", name: str = "Analytics") -> None:
        server.ask("PUT", "/market", deals())
        self.server = server
        self.client = revenue_client(server)
        self.catalog = catalog
        self.id: str = created(self.client, Catalog=catalog, Name=name)["Id"]

    def beside(self, name: str) -> "Partner":
        """The same partner with another attribution, which is made."""
        return self.with_id(created(self.client, Catalog=self.catalog, Name=name)["Id"])

    def with_id(self, attribution_id: str) -> "Partner":
        """The same partner with another attribution, which there is."""
        other = copy(self)
        other.id = attribution_id
        return other

    def _named(self, **given: Any) -> dict[str, Any]:
        return {"Catalog": self.catalog, "RevenueAttributionIdentifier": self.id} | given

    def start(self, *records: dict[str, Any], revision: str = "1", **given: Any) -> Any:
        """Start a task; what is answered."""
        asked = {
            "RevenueAttributionRevision": revision,
            "RevenueShareAllocations": list(records),
        } | given
        answer = self.client.start_revenue_attribution_allocations_task(**self._named(**asked))
        answer.pop("ResponseMetadata")
        return answer

    def task(self, **given: Any) -> Any:
        """The latest task."""
        asked = self._named(**given)
        answer = self.client.get_revenue_attribution_allocations_task(**asked)
        answer.pop("ResponseMetadata")
        return answer

    def ended(self) -> Any:
        """The latest task, once it has ended."""
        until = time.monotonic() + DEADLINE
        while (task := self.task())["Status"] == "IN_PROGRESS":
            assert time.monotonic() < until
            time.sleep(0.005)
        return task

    def carried_out(self, *records: dict[str, Any], revision: str = "1", **given: Any) -> Any:
        """Start a task, and wait for its end."""
        self.start(*records, revision=revision, **given)
        return self.ended()

    def codes(self, *records: dict[str, Any], revision: str = "1") -> list[str]:
        """The codes of a task's errors, once it has failed; none if it is complete."""
        task = self.carried_out(*records, revision=revision)
        return [each["ErrorCode"] for each in task.get("ErrorDetailList", ())]

    def listed(self, **given: Any) -> list[Any]:
        """The allocations, on one page."""
        asked = self._named(**({"MaxResults": 500} | given))
        answer = self.client.list_revenue_attribution_allocations(**asked)
        return answer["RevenueAttributionAllocationSummaries"]

    def walked(self, **given: Any) -> list[Any]:
        """The allocations, page by page."""
        pages = self.client.get_paginator("list_revenue_attribution_allocations")
        key = "RevenueAttributionAllocationSummaries"
        return [each for page in pages.paginate(**self._named(**given)) for each in page[key]]

    def allocation(self, allocation_id: str, **given: Any) -> Any:
        """One allocation."""
        asked = self._named(RevenueAttributionAllocationId=allocation_id, **given)
        answer = self.client.get_revenue_attribution_allocation(**asked)
        answer.pop("ResponseMetadata")
        return answer

    def turn(self, now: str) -> None:
        """Turn the clock, which stands still."""
        self.server.ask("PUT", "/clock", {"mode": "frozen", "now": now})


def percents(allocations: Sequence[Any]) -> list[str]:
    """The shares of allocations."""
    return [each["RevenueSharePercent"] for each in allocations]

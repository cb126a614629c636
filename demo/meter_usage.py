"""The first part of the demonstration: usage metered with an unmodified boto3, and read back.

Each step prints what was sent and what came back; the exit code is 0 only if every answer was the
expected one.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from rich.console import Console
from rich.table import Table

PRODUCT = "1poldertab2lytics3legacy4"
SELLER = "120000000001"


class Demo:
    """A running server, the seller's boto3 client, and the table of what happened."""

    def __init__(self, endpoint: str, data: Path) -> None:
        self.endpoint = endpoint
        self._data = data
        self._table = Table("step", "answer", "expected", title="With boto3")
        self.failures = 0
        seller = self.waag("credentials", SELLER)
        self._seller = (seller["access_key_id"], seller["secret_access_key"])
        # In the middle of a month, so that all of the demonstration is within it.
        shown = datetime.fromisoformat(self.waag("clock")["now"])
        self.waag("clock", "set", shown.strftime("%Y-%m-15T12:00:00Z"))
        self.now = datetime.fromisoformat(self.waag("clock")["now"])

    def waag(self, *command: str) -> Any:
        """The JSON answer of a `waag` command."""
        run = subprocess.run(
            [
                *waag_command(),
                *command,
                "--endpoint",
                self.endpoint,
                "--data",
                self._data,
                "--json",
            ],
            check=True,
            stdout=subprocess.PIPE,
        )
        return json.loads(run.stdout)

    def client(self, secret: str | None = None, service: str = "meteringmarketplace") -> Any:
        """A client of the seller's; with another secret, somebody who forges signatures."""
        access_key_id, real_secret = self._seller
        untyped: Any = boto3  # it comes without annotations
        return untyped.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.endpoint,
            aws_access_key_id=access_key_id,
            aws_secret_access_key=secret or real_secret,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def record(self, **given: Any) -> dict[str, Any]:
        """A usage record of now, five users of one customer, unless given otherwise."""
        return {
            "Timestamp": self.now,
            "CustomerIdentifier": "moLenBank01",
            "Dimension": "users",
            "Quantity": 5,
        } | given

    def step(self, name: str, expected: str, answer: Callable[[], str]) -> None:
        """Do one thing, and note whether its answer is the expected one."""
        try:
            answered = answer()
        except ClientError as refused:
            error: Any = refused
            answered = error.response["Error"]["Code"]
        good = answered == expected
        self.failures += not good
        style = "green" if good else "bold red"
        self._table.add_row(name, f"[{style}]{answered}[/]", expected)

    def show(self) -> None:
        """Print the table, and what the ledger holds."""
        console = Console(width=120)
        console.print(self._table)
        records = Table(title="waag usage: what was accepted")
        columns = ("timestamp", "customer_aws_account_id", "dimension", "quantity", "id")
        for column in columns:
            records.add_column(column, overflow="fold")
        for record in self.waag("usage")["usage_records"]:
            records.add_row(*(record[column] for column in columns))
        console.print(records)
        refused = Table("outcome", "why", title="waag calls: why the others were refused")
        for call in reversed(self.waag("calls")["calls"]):
            for why in ([call["why"].splitlines()[0]] if call["why"] else []) + call["notes"]:
                refused.add_row(call["outcome"], why)
        console.print(refused)


def meter(demo: Demo) -> None:
    """Accepted, sent again, in conflict, too late, mistyped, forged, read back."""
    seller = demo.client()
    ids: list[str] = []

    def send(*records: Mapping[str, Any], by: Any = seller) -> str:
        answer = by.batch_meter_usage(ProductCode=PRODUCT, UsageRecords=records)
        ids.extend(result.get("MeteringRecordId", "") for result in answer["Results"])
        return ", ".join(result["Status"] for result in answer["Results"])

    other = demo.record(CustomerIdentifier="grAcht00002", Quantity=12)
    late = demo.record(Timestamp=demo.now - timedelta(hours=25))
    mistyped = demo.record(Dimension="Users")
    forger = demo.client(secret="not-the-seller's-secret")  # noqa: S106 - that is the point

    demo.step("two customers' usage", "Success, Success", lambda: send(demo.record(), other))
    demo.step("the same records again", "Success, Success", lambda: send(demo.record(), other))
    demo.step("… have the same ids", "same ids", lambda: _same(ids[:2], ids[2:]))
    demo.step(
        "another quantity for the hour", "DuplicateRecord", lambda: send(demo.record(Quantity=6))
    )
    demo.step("a record 25 hours old", "TimestampOutOfBoundsException", lambda: send(other, late))
    demo.step("an unknown dimension", "InvalidUsageDimensionException", lambda: send(mistyped))
    demo.step(
        "a forged signature", "InvalidSignatureException", lambda: send(demo.record(), by=forger)
    )
    demo.step("read back", "5 users, 12 users", lambda: _read_back(demo))


def _same(first: list[str], again: list[str]) -> str:
    return "same ids" if first == again else f"{first} and {again}"


def _read_back(demo: Demo) -> str:
    records = demo.waag("usage")["usage_records"]
    return ", ".join(f"{record['quantity']} {record['dimension']}" for record in records)


def waag_command() -> list[str]:
    """How the command is run."""
    return [sys.executable, "-m", "waag"]

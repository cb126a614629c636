"""Allocations tasks of 250 changes: submitted, carried out, and beside a bare loop of inserts.

Many attributions are given a task each, several at a time; a round is over once all have ended. A
round's changes are of a month of their own, so that the allocations of all rounds stand together.
"""

import functools
import hashlib
import hmac
import os
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import cbor2
import msgspec
import urllib3

import load
import signed_calls
from conditions import ROUNDS, Figures, Setting, checked
from servers import Server, waag
from waag.storage.data_directory import ledger_in
from waag.storage.database import open_database, open_reader, transaction
from waag.storage.queries import query, query_many, run

ATTRIBUTIONS = 200
CHANGES = 250
"""As many as a task takes, each of a deal of its own."""

CONNECTIONS = 8
POLL_SECONDS = 0.005
GROUP_TASKS = 10
"""Tasks whose rows the bare loop commits together."""

_SERVICE = "partnercentral"
_EVERYTHING = {"Effect": "Allow", "Action": f"{_SERVICE}:*", "Resource": "*"}
_SHARE = "0.40"
_SIGNED = "host;x-amz-date"
_PREFIX = "/service/PartnerCentralRevenueMeasurement/operation/"
_MONTHS = tuple(
    (f"2026-{month:02}-01", f"2026-{month:02}-{days}")
    for month, days in (
        (5, 31),
        (6, 30),
        (7, 31),
        (8, 31),
        (9, 30),
    )
)


def measure(setting: Setting) -> Figures:
    """Every attribution a task a round; then the rows of as many tasks, inserted by nobody else."""
    figures: Figures = {"allocation tasks": [], "limit tasks": []}
    market_file = setting.folder / "allocations.yaml"
    market_file.write_bytes(_market())
    with waag(setting.folder / "allocations", "--market", str(market_file)) as server:
        server.put("/clock", msgspec.json.encode({"mode": "frozen", "now": f"{signed_calls.NOW}"}))
        names = [_created(server, number) for number in range(ATTRIBUTIONS)]
        for number in range(ROUNDS):
            figures["allocation tasks"].append(_tasks_per_second(server, names, number))
            figures["limit tasks"].append(_limit_per_second(setting, number))
    setting.notes.append(
        f"Tasks: {ATTRIBUTIONS} attributions a round, a task of {CHANGES} new allocations each, "
        f"over {CONNECTIONS} connections; the time is from the first request until the last task "
        f"has ended. The bare loop commits the rows of {GROUP_TASKS} tasks together."
    )
    return figures


def _tasks_per_second(server: Server, names: Sequence[str], number: int) -> float:
    sign = functools.partial(_starts, names, number, server.host)
    expected = load.Expected(b"IN_PROGRESS", 1)
    submitted = checked(load.send(server.port, sign, CONNECTIONS, expected))
    waited = time.perf_counter()
    while _count(server, "IN_PROGRESS"):
        time.sleep(POLL_SECONDS)
    seconds = submitted.seconds + time.perf_counter() - waited
    complete = _count(server, "COMPLETE")
    if complete != len(names) * (number + 1):
        raise RuntimeError(f"{complete} tasks are complete of {len(names) * (number + 1)}")
    return len(names) / seconds


def _count(server: Server, status: str) -> int:
    """How many tasks have a status; read from the ledger, so that asking costs nobody much."""
    connection = open_reader(ledger_in(server.data))
    counted = run(connection, "SELECT count(*) FROM attribution_task WHERE status = ?", (status,))
    connection.close()
    return counted[0][0]


def _limit_per_second(setting: Setting, number: int) -> float:
    """As many tasks a second as their allocations' rows can be inserted with nothing else done."""
    path = setting.folder / "limit.sqlite"
    connection = open_database(path)
    begins, ends = _MONTHS[number]
    account = signed_calls.SELLER
    names = [f"ra-{attribution:013}" for attribution in range(ATTRIBUTIONS)]
    with transaction(connection):
        for change, name in enumerate(names, 1):
            new: Mapping[str, Any] = {
                "account": account,
                "catalog": "AWS",
                "id": name,
                "name": name,
                "tenancy_model": "MULTI_TENANT",
                "product": None,
                "created": 0,
                "revision": 1,
                "modified": 0,
                "change": change,
                "most": ATTRIBUTIONS,
            }
            query(connection, "put_attribution", new)
    rows = [
        (
            account,
            "AWS",
            name,
            f"alloc-{os.urandom(7).hex()[:13]}",
            2,
            "OPPORTUNITY",
            _deal(deal),
            signed_calls.account_id(0),
            _SHARE,
            40,
            begins,
            ends,
            "ACTIVE",
            0,
            0,
        )
        for name in names
        for deal in range(CHANGES)
    ]
    group = GROUP_TASKS * CHANGES
    started = time.perf_counter()
    for start in range(0, len(rows), group):
        with transaction(connection):
            query_many(connection, "put_allocation", rows[start : start + group])
    seconds = time.perf_counter() - started
    connection.close()
    path.unlink()
    return len(names) / seconds


def _market() -> bytes:
    """The bench's seller with deals, all with the one customer."""
    principal = {
        "user": "bench",
        "access_key_id": signed_calls.ACCESS_KEY_ID,
        "secret_access_key": signed_calls.SECRET,
        "policies": [{"Version": "2012-10-17", "Statement": [_EVERYTHING]}],
    }
    seller = {
        "id": signed_calls.SELLER,
        "name": "Bench",
        "kind": "seller",
        "principals": [principal],
    }
    customer = {"id": signed_calls.account_id(0), "name": "Customer", "kind": "buyer"}
    deals = [
        {
            "type": "OPPORTUNITY",
            "id": _deal(number),
            "name": f"Deal {number}",
            "owner": seller["id"],
            "customer": customer["id"],
            "stage": "Launched",
        }
        for number in range(CHANGES)
    ]
    return msgspec.json.encode({"accounts": [seller, customer], "deals": deals})


def _deal(number: int) -> str:
    return f"O{number + 1}"


def _created(server: Server, number: int) -> str:
    body = {"Catalog": "AWS", "Name": f"Attribution {number}", "TenancyModel": "MULTI_TENANT"}
    return _ask(server, "CreateRevenueAttribution", body)["Id"]


def _starts(names: Sequence[str], number: int, host: str) -> list[bytes]:
    """A request for each attribution, as bytes for the socket."""
    return [_start(name, number, host) for name in names]


def _start(name: str, number: int, host: str) -> bytes:
    begins, ends = _MONTHS[number]
    changes = [
        {
            "Action": "CREATE",
            "EntityType": "OPPORTUNITY",
            "EntityIdentifier": _deal(deal),
            "CustomerAwsAccountId": signed_calls.account_id(0),
            "RevenueSharePercent": _SHARE,
            "EffectiveFrom": begins,
            "EffectiveUntil": ends,
        }
        for deal in range(CHANGES)
    ]
    body = {
        "Catalog": "AWS",
        "RevenueAttributionIdentifier": name,
        "RevenueAttributionRevision": str(number + 1),
        "ClientToken": f"{name}-{number}",
        "RevenueShareAllocations": changes,
    }
    path, headers, sent = _signed("StartRevenueAttributionAllocationsTask", body, host)
    lines = "".join(f"{header}: {value}\r\n" for header, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\n{lines}Content-Length: {len(sent)}\r\n\r\n"
    return head.encode() + sent


def _ask(server: Server, operation: str, body: Mapping[str, Any]) -> Any:
    path, headers, sent = _signed(operation, body, server.host)
    answer = urllib3.request("POST", f"http://{server.host}{path}", body=sent, headers=headers)
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"{operation}: {answer.data!r}")
    return cbor2.loads(answer.data)


def _signed(
    operation: str, body: Mapping[str, Any], host: str
) -> tuple[str, Mapping[str, str], bytes]:
    """The path, headers and body of a call, really signed."""
    path, sent = f"{_PREFIX}{operation}", cbor2.dumps(body)
    date = f"{signed_calls.NOW:%Y%m%dT%H%M%SZ}"
    scope = f"{date[:8]}/us-east-1/{_SERVICE}/aws4_request"
    key = b"AWS4" + signed_calls.SECRET.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    canonical = (
        f"POST\n{path}\n\nhost:{host}\nx-amz-date:{date}\n\n{_SIGNED}\n"
        f"{hashlib.sha256(sent).hexdigest()}"
    )
    to_sign = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"{signed_calls.ACCESS_KEY_ID}/{scope}"
    headers = {
        "Host": host,
        "Content-Type": "application/cbor",
        "Accept": "application/cbor",
        "Smithy-Protocol": "rpc-v2-cbor",
        "X-Amz-Date": date,
        "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={_SIGNED}, "
        f"Signature={signature}",
    }
    return path, headers, sent

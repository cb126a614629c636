"""The second half of `make bench`: what the steps of one call cost, each alone, in microseconds.

The figures in docs/decisions come from here. A call holds 25 records by CustomerIdentifier unless
said otherwise; the least of several repetitions is printed, as timeit recommends.
"""

import asyncio
import timeit
from collections.abc import Callable, Mapping, Sequence
from os import urandom
from typing import Any

import cbor2
import msgspec

import signed_calls
from waag.admin.market_file import read_market_file
from waag.bootstrap.clocks import machine_time
from waag.domain.clock import ClockMode
from waag.domain.instants import Instant, from_datetime
from waag.domain.market_changes import changes_to
from waag.domain.market_excerpt import MarketExcerpt
from waag.domain.metering import MeteringChoices, Standing, UsageRow
from waag.domain.policies import BUILT_IN_POLICIES, decide
from waag.domain.refused_usage import RefusedRow
from waag.exchange import Request
from waag.services.calls import LatestCalls
from waag.services.faults import FollowedFaults
from waag.storage.cached_market import CachedMarket
from waag.wire.authentication import Authenticator, Credentials
from waag.wire.codecs.cbor import cbor_codec
from waag.wire.codecs.json import json_codec
from waag.wire.faults import WireChoices
from waag.wire.operations.metering import metering_operations
from waag.wire.pipeline import Pipeline
from waag.wire.routes import SERVICES, Routes

HOST = "127.0.0.1"
CALLS = 200
REPETITIONS = 7
WALK = signed_calls.Walk(signed_calls.customers_needed(CALLS * signed_calls.RECORDS_PER_CALL))
LICENSE = "arn:aws:license-manager::294406891311:license:l-00112233445566778899aabbccddeeff"


class _Clock:
    """Stands still when the calls were signed; its real time is the machine's."""

    mode = ClockMode.FROZEN

    def now(self) -> Instant:
        """When the calls were signed."""
        return from_datetime(signed_calls.NOW)

    def real(self) -> Instant:
        """The machine's own time."""
        return machine_time()


class _Ledger:
    """Takes everything at once, so that the pipeline is timed alone."""

    def note_refused(self, rows: Sequence[RefusedRow]) -> None:
        """Forget them."""

    def append(self, rows: Sequence[UsageRow]) -> asyncio.Future[Mapping[int, Standing]]:
        """Nothing stood there."""
        assert rows, "nothing would have been measured"
        answer: asyncio.Future[Mapping[int, Standing]] = asyncio.get_running_loop().create_future()
        answer.set_result({})
        return answer


async def _no_fault(_operation: str, _account_id: str) -> None:
    """Nobody has planned any."""


def main() -> None:
    """Print a line for each step."""
    requests = [_request(call) for call in signed_calls.calls(WALK, CALLS, HOST)]
    for name, microseconds in (
        *_codecs(requests[0].body),
        ("SigV4 verified, 3 KB body", _signature(requests)),
        ("policies decided, no condition", _policies()),
        ("a customer's agreements looked up, remembered", _look_up()),
        ("the whole pipeline, the ledger left out", _pipeline(requests)),
    ):
        print(f"{microseconds:8.1f} µs  {name}")


def _least(step: Callable[[], object], number: int, per_run: int = 1) -> float:
    return min(timeit.repeat(step, number=number, repeat=REPETITIONS)) / number / per_run * 1e6


def _request(call: bytes) -> Request:
    head, body = call.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")[1:]
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return Request("POST", "/", "", headers, body, "127.0.0.1")


def _codecs(body: bytes) -> list[tuple[str, float]]:
    shape: Any = SERVICES[0].operations["BatchMeterUsage"].input
    decode = json_codec(shape).decode
    plain = msgspec.json.decode(body)
    account = {"CustomerAWSAccountId": "200000000001", "LicenseArn": LICENSE}
    licensed = {
        "UsageRecords": [
            {name: value for name, value in record.items() if name != "CustomerIdentifier"}
            | account
            for record in plain["UsageRecords"]
        ]
    }
    licensed_body = msgspec.json.encode(licensed)
    for record in licensed["UsageRecords"]:
        record["Timestamp"] = cbor2.CBORTag(1, record["Timestamp"])
    cbor_body, cbor_decode = cbor2.dumps(licensed), cbor_codec(shape).decode
    value, encode = decode(body), json_codec(shape).encode
    return [
        ("JSON decoded", _least(lambda: decode(body), 2000)),
        ("JSON decoded, by account and license", _least(lambda: decode(licensed_body), 2000)),
        ("JSON encoded", _least(lambda: encode(value), 2000)),
        ("CBOR decoded, by account and license", _least(lambda: cbor_decode(cbor_body), 500)),
    ]


def _signature(requests: Sequence[Request]) -> float:
    credentials = Credentials(signed_calls.SECRET, None)
    authenticate = Authenticator(lambda _: credentials).authenticate
    clocks = (from_datetime(signed_calls.NOW),)

    def verify_all() -> None:
        for request in requests:
            authenticate(request, "aws-marketplace", clocks)

    return _least(verify_all, 10, len(requests))


def _policies() -> float:
    policies = (BUILT_IN_POLICIES["MarketplaceSeller"],)
    action = "aws-marketplace:BatchMeterUsage"
    return _least(lambda: decide(policies, action, "*", dict), 5000)


def _look_up() -> float:
    market = _market(1)
    [agreement] = market.agreements_by_identifier("cust0000000")
    look_up, product_id = market.agreements_of_customer, agreement.product_id
    return _least(lambda: look_up(product_id, "cust0000000"), 50_000)


def _market(customers: int) -> CachedMarket:
    file = read_market_file(signed_calls.market(customers), "bench")
    all_of_it = changes_to(MarketExcerpt(), file.definition)
    return CachedMarket(MarketExcerpt(all_of_it.accounts, all_of_it.products, all_of_it.agreements))


def _pipeline(requests: Sequence[Request]) -> float:
    market = _market(WALK.customers)
    clock = _Clock()
    at_once = metering_operations(
        clock=clock,
        market=market,
        ledger=_Ledger(),
        random_bytes=urandom,
        choices=MeteringChoices(),
    )
    pipeline = Pipeline(
        Routes(at_once, {}, lambda _request, _caller: None),
        clock=clock,
        market=market,
        faults=FollowedFaults(_no_fault),
        pace=None,
        calls=LatestCalls(),
        random_bytes=urandom,
        choices=WireChoices(),
    )

    async def answer_all() -> None:
        for request in requests:
            reply = await pipeline.answer(request)
            assert b'"Success"' in reply.body, reply

    return _least(lambda: asyncio.run(answer_all()), 3, len(requests))


if __name__ == "__main__":
    main()

"""A request's life in the embedded AWS: prove who asks, carry it out, answer in its protocol."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from uuid import UUID

import msgspec

from waag.domain.calls import CallRecord
from waag.domain.instants import SECOND, Instant
from waag.domain.refusals import Refusal
from waag.exchange import Reply, Request
from waag.ports import Calls, Clock, RandomBytes
from waag.sandbox.protocols import error_reply, refused
from waag.sandbox.refusals import BodyTooLarge
from waag.services.access import Signed

THREADS = 16
"""Requests that are carried out at once; others wait."""

ASKED_AGAIN_SECONDS = 0.1
"""After so long a service is asked again that had nothing to answer."""

Authenticate = Callable[[Request, str], Signed]

_log = logging.getLogger(__name__)


class Call(msgspec.Struct):
    """What a request asks, as far as it has been made out.

    Attributes:
        request_id: as in the reply.
        signed: None until the signature was found right.
        operation: empty until it is known.
        patience: until when there is to be waited for something, once that is known.
    """

    service: str
    request: Request
    request_id: str
    signed: Signed | None = None
    operation: str = ""
    patience: Instant | None = None

    @property
    def caller(self) -> Signed:
        """Who asks, once that is proven."""
        assert self.signed is not None, "authenticated before anything is carried out"
        return self.signed


Service = Callable[[Call], Reply | None]
"""Carries out what a call asks, on a thread of its own; notes the operation's name in it.

None where there is nothing to answer yet: it is asked again, without a thread waiting meanwhile."""


class EmbeddedAws:
    """Answers requests to the services it is given.

    Args:
        services: what answers, by signing name.
        authenticate: proves who signed.
        clock: what replies are dated by.
        calls: where the operator looks at what happened.
        random_bytes: for request ids.
    """

    def __init__(
        self,
        services: Mapping[str, Service],
        authenticate: Authenticate,
        *,
        clock: Clock,
        calls: Calls,
        random_bytes: RandomBytes,
    ) -> None:
        self._services = services
        self._authenticate = authenticate
        self._clock = clock
        self._calls = calls
        self._random_bytes = random_bytes
        self._threads = ThreadPoolExecutor(THREADS, "embedded-aws")

    async def answer(self, request: Request, service: str) -> Reply:
        """Answer one request; never raises for anything a request can hold.

        Args:
            request: as received.
            service: the signing name of its credential scope.
        """
        loop = asyncio.get_running_loop()
        came = self._clock.real()
        call = Call(service, request, self._request_id())
        while True:
            reply = await loop.run_in_executor(self._threads, self._answer, call, came)
            if reply is not None:
                return reply
            await asyncio.sleep(ASKED_AGAIN_SECONDS)

    def answer_here(self, request: Request, service: str) -> Reply | None:
        """Answer one request on the caller's thread; None where there is to be waited."""
        call = Call(service, request, self._request_id())
        return self._answer(call, self._clock.real())

    def close(self) -> None:
        """Finish what is under way, and begin nothing more."""
        self._threads.shutdown()

    def _request_id(self) -> str:
        return str(UUID(bytes=self._random_bytes(16), version=4))

    def _answer(self, call: Call, came: Instant) -> Reply | None:
        service, request = call.service, call.request
        outcome, refusal = "Success", None
        try:
            if call.signed is None:
                _bound(request)
                call.signed = self._authenticate(request, service)
            reply = self._services[service](call)
            if reply is None:
                return None
        except Refusal as refused_with:
            refusal = refused_with
            reply, outcome = refused(service, request, refusal, call.request_id)
        except Exception:  # noqa: BLE001 - the outermost frame: it logs, and answers in protocol
            _log.exception("request %s failed", call.request_id)
            outcome = "InternalError"
            said = (outcome, 500, "We encountered an internal error. Please try again.")
            reply = error_reply(service, request, said, call.request_id)
        self._record(call, reply, outcome, refusal, came)
        dated = ("date", formatdate(self._clock.now() // SECOND, usegmt=True))
        body = b"" if request.method == "HEAD" else reply.body
        return Reply(reply.status, (*reply.headers, dated), body, reply.dropped)

    def _record(
        self, call: Call, reply: Reply, outcome: str, refusal: Refusal | None, came: Instant
    ) -> None:
        ended = self._clock.real()
        signed = call.signed
        self._calls.record(
            CallRecord(
                time=self._clock.now(),
                ended=ended,
                request_id=call.request_id,
                service=call.service,
                operation=call.operation,
                caller="" if signed is None else signed.principal.arn,
                region="" if signed is None else signed.region,
                status=reply.status,
                outcome=outcome,
                rule="" if refusal is None else refusal.rule,
                why="" if refusal is None else refusal.why,
                microseconds=ended - came,
            )
        )


def _bound(request: Request) -> None:
    if request.oversized:
        raise BodyTooLarge(
            "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
        )

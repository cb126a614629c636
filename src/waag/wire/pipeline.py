"""A request's life: the steps of `Pipeline.answer`, in order.

From the moment a protocol has been made out, whatever happens is answered in that protocol.
"""

import asyncio
import ipaddress
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from waag.domain.calls import CallRecord
from waag.domain.instants import SECOND, Instant, format_instant
from waag.domain.market import Market, Principal
from waag.domain.refusals import AccessDenied, DryRunDenied, Refusal
from waag.domain.throttling import QuotaReached
from waag.exchange import NO_REPLY, Reply, Request
from waag.ports import Caller, Calls, Clock, Faults, RandomBytes
from waag.services.access import authorize
from waag.services.throttling import Pace
from waag.wire.authentication import Authenticator, Credentials
from waag.wire.faults import Fault, WireChoices, fault_of, internal_fault
from waag.wire.operations import Answer, Guarded
from waag.wire.operations.struck import answer_struck
from waag.wire.planned_faults import Disconnected, refusal_before
from waag.wire.protocols import BodyTooLarge, Claim, by_target
from waag.wire.protocols.choice import protocol_of
from waag.wire.protocols.content_encoding import decompressed
from waag.wire.routes import SERVICES, Routes, is_dry_run
from waag.wire.signature_refusals import AccessKeyUnknown, refuse_expired
from waag.wire.violations import ShapeViolated

if TYPE_CHECKING:
    from waag.domain.faults import PlannedFault

BODY_BYTES_MAX = 1024 * 1024 - 1
"""The largest body, compressed or not: less than 1 MB. Source: BatchMeterUsage."""

_log = logging.getLogger(__name__)


class _Call:
    """A call while it is answered: what each step found out, for the steps after it."""

    def __init__(self, request: Request, request_id: str, came: Instant) -> None:
        self.request = request
        self.request_id = request_id
        self.came = came
        self.protocol = protocol_of(request)
        self.claim: Claim | None = None
        self.caller: Caller | None = None
        self.fault: PlannedFault | None = None
        self.refusal: Refusal | None = None
        self.outcome = "Success"
        self.notes: tuple[str, ...] = ()


class Pipeline:
    """Answers the requests of all services on all protocols.

    Args:
        routes: what serves each operation.
        clock: what requests are judged by.
        market: whose credentials and policies count.
        faults: those planned for calls to come.
        pace: counts calls against quotas; None if none count.
        calls: where the operator looks at what happened.
        random_bytes: for request ids.
        choices: taken where sources on errors contradict each other.
        elsewhere: answers, and records, what these routes do not serve: the same request anew.
    """

    def __init__(
        self,
        routes: Routes,
        *,
        clock: Clock,
        market: Market,
        faults: Faults,
        pace: Pace | None,
        calls: Calls,
        random_bytes: RandomBytes,
        choices: WireChoices,
        elsewhere: Callable[[Request], Awaitable[Reply]] | None = None,
    ) -> None:
        self._routes = routes
        self._elsewhere = elsewhere
        self._clock = clock
        self._market = market
        self._faults = faults
        self._pace = pace
        self._calls = calls
        self._random_bytes = random_bytes
        self._choices = choices
        self._services = by_target(SERVICES)
        self._authenticator = Authenticator(self._credentials)

    async def answer(self, request: Request) -> Reply:
        """Answer one request; never raises for anything a request can hold."""
        request_id = str(UUID(bytes=self._random_bytes(16), version=4))
        call = _Call(request, request_id, self._clock.real())
        try:
            claim = self._claim(call)
            self._bound(call)
            principal = self._authenticate(call, claim)
            if self._elsewhere is not None and not self._routes.serves(claim.operation):
                return await self._elsewhere(request)
            received = await self._decode(call, claim, principal)
            await self._authorize(call, claim, principal, received)
            if self._pace is not None:
                await self._throttle(call, claim, self._pace)
            if self._faults.operations:
                await self._meet_fault(call, claim)
            answer = await self._dispatch(call, claim, received)
            reply = self._encode(call, claim, answer)
        except Refusal as refusal:
            reply = self._refuse(call, refusal)
        except Exception:  # noqa: BLE001 - the outermost frame: it logs, and answers in protocol
            _log.exception("request %s failed", request_id)
            reply = self._fail(call)
        self._record(call, reply)
        headers = (*reply.headers, ("date", self._date()))
        return Reply(reply.status, headers, reply.body, reply.dropped)

    def _claim(self, call: _Call) -> Claim:
        call.claim = call.protocol.claim(call.request, self._services)
        return call.claim

    def _bound(self, call: _Call) -> None:
        if call.request.oversized:
            raise BodyTooLarge(
                f"The body has more than {BODY_BYTES_MAX} bytes; it must be less than 1 MB.",
                code="RequestEntityTooLargeException",
                status=413,
            )

    def _authenticate(self, call: _Call, claim: Claim) -> Principal:
        """Who signed: judged by the machine's time or the turned clock's, whichever is nearer.

        SDKs take the time from the machine, or correct it by the Date of replies, which shows the
        turned clock.
        """
        clocks = (self._clock.real(), self._clock.now())
        signer = self._authenticator.authenticate(call.request, claim.service.signing_name, clocks)
        principal = self._market.principal(signer.access_key_id)
        if principal is None:
            raise AccessKeyUnknown(
                f"The access key {signer.access_key_id!r} was withdrawn a moment ago."
            )
        refuse_expired(principal, self._clock.now())
        call.caller = Caller(
            principal.account_id,
            principal.arn,
            signer.region,
            principal.session,
            principal.platform,
            principal.region,
        )
        return principal

    async def _decode(self, call: _Call, claim: Claim, principal: Principal) -> object:
        """The request, decoded; who is no customer of a service is not told what is wrong in it."""
        assert call.caller is not None, "set by _authenticate"
        body = decompressed(call.request, BODY_BYTES_MAX)
        try:
            return claim.protocol.decode(claim.operation, body)
        except ShapeViolated:
            enrolled = self._routes.enrolled(claim.operation)
            if enrolled is not None:
                await self._authorize(call, claim, principal, None)
                await asyncio.to_thread(enrolled.admit, call.caller)
            raise

    async def _authorize(
        self, call: _Call, claim: Claim, principal: Principal, received: object
    ) -> None:
        guarded = self._routes.guarded(claim.operation)
        if guarded is not None:
            # On a thread of its own: what is asked about may have to be read first.
            await asyncio.to_thread(self._admit, guarded, call, claim, principal, received)
            return
        action = f"{claim.service.signing_name}:{claim.operation.name}"
        try:
            authorize(principal, action, "*", lambda: self._context(call, principal))
        except AccessDenied as denied:
            if is_dry_run(received):
                raise DryRunDenied(denied.why) from denied
            raise

    async def _throttle(self, call: _Call, claim: Claim, pace: Pace) -> None:
        assert call.caller is not None, "set by _authenticate"
        account_id, region = call.caller.account_id, call.caller.region
        quota = await pace(claim.operation.name, account_id, region)
        if quota is not None:
            where = f" in {region}" if quota.per_region else ""
            raise QuotaReached(
                f"Account {account_id} may make {quota.per_second} calls a second under quota "
                f"{quota.code}{where}, by the machine's time.",
                quota,
            )

    def _admit(
        self, guarded: Guarded, call: _Call, claim: Claim, principal: Principal, received: object
    ) -> None:
        """Let in who may call an operation that has resources, or conditions, of its own."""
        assert call.caller is not None, "set by _authenticate"
        guarded.examine(received)
        access = guarded.access(received, call.caller)

        def context() -> Mapping[str, str | Sequence[str]]:
            return {**access.context(), **self._context(call, principal)}

        needed = ((claim.operation.name, access.resource), *access.further)
        for name, resource in needed:
            authorize(principal, f"{claim.service.signing_name}:{name}", resource, context)
        guarded.admit(received, call.caller)

    async def _meet_fault(self, call: _Call, claim: Claim) -> None:
        """Let a planned fault strike: end the call, or hold it up, or leave it to `_dispatch`."""
        assert call.caller is not None, "set by _authenticate"
        name = claim.operation.name
        call.fault = fault = await self._faults.strike(name, call.caller.account_id)
        if fault is None:
            return
        refusal = refusal_before(fault)
        if refusal is not None:
            raise refusal
        await asyncio.sleep(fault.plan.seconds or 0)

    async def _dispatch(self, call: _Call, claim: Claim, received: object) -> Answer:
        assert call.caller is not None, "set by _authenticate"
        operation, caller = claim.operation, call.caller
        if call.fault is None:
            return await self._routes.answer(operation, received, caller)
        return await answer_struck(
            call.fault,
            received,
            lambda request: self._routes.answer(operation, request, caller),
            lambda request: self._routes.hand_back(request, caller),
        )

    def _encode(self, call: _Call, claim: Claim, answer: Answer) -> Reply:
        call.notes = answer.notes
        return claim.protocol.reply(claim.operation, answer.output, call.request_id)

    def _refuse(self, call: _Call, refusal: Refusal) -> Reply:
        call.refusal = refusal
        if isinstance(refusal, Disconnected):
            call.outcome = "NoReply"
            return NO_REPLY
        service = None if call.claim is None else call.claim.service
        return self._send(call, fault_of(refusal, service, self._choices))

    def _fail(self, call: _Call) -> Reply:
        return self._send(call, internal_fault(None if call.claim is None else call.claim.service))

    def _send(self, call: _Call, fault: Fault) -> Reply:
        call.outcome = fault.code
        return call.protocol.error_reply(
            service=None if call.claim is None else call.claim.service,
            code=fault.code,
            status=fault.status,
            message=fault.message,
            members=fault.members,
            request_id=call.request_id,
        )

    def _record(self, call: _Call, reply: Reply) -> None:
        claim, caller, refusal, fault = call.claim, call.caller, call.refusal, call.fault
        cause, notes = refusal or fault, call.notes
        if refusal is not None and fault is not None and refusal.rule != fault.rule:
            notes = (f"{fault.rule}: {fault.why}",)
        ended = self._clock.real()
        self._calls.record(
            CallRecord(
                time=self._clock.now(),
                ended=ended,
                request_id=call.request_id,
                service="" if claim is None else claim.service.service_id,
                operation="" if claim is None else claim.operation.name,
                caller="" if caller is None else caller.arn,
                region="" if caller is None else caller.region,
                status=reply.status,
                outcome=call.outcome,
                rule="" if cause is None else cause.rule,
                why="" if cause is None else cause.why,
                notes=notes,
                microseconds=ended - call.came,
            )
        )

    def _credentials(self, access_key_id: str) -> Credentials | None:
        principal = self._market.principal(access_key_id)
        if principal is None:
            return None
        return Credentials(principal.secret_access_key, principal.session_token)

    def _date(self) -> str:
        return _http_date(self._clock.now() // SECOND)

    def _context(self, call: _Call, principal: Principal) -> Mapping[str, str | Sequence[str]]:
        """The global condition keys that Waag knows. Source: IAM, global condition context keys."""
        assert call.caller is not None, "set by _authenticate"
        now = self._clock.now()
        return {
            "aws:CurrentTime": format_instant(now),
            "aws:EpochTime": str(now // SECOND),
            "aws:RequestedRegion": call.caller.region,
            "aws:SecureTransport": "false",
            "aws:SourceIp": source_ip(call.request.client),
            "aws:UserAgent": call.request.headers.get("user-agent", ""),
            **principal.context,
        }


@lru_cache(8)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)


def source_ip(client: str) -> str:
    """The peer's address; an IPv4 one that came over IPv6 is written as IPv4."""
    address = ipaddress.ip_address(client)
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)

"""A seller asks a buyer to have an agreement cancelled, and what becomes of that.

    request ──> pending ──accept, or seven days──> approved; the agreement is cancelled
                    │ ──reject──> rejected
                    │ ──withdraw──> cancelled
                    └ ──the agreement ends otherwise──> validation failed

A function for each command, as in `agreements`. An agreement has one request at a time.
"""

from msgspec.structs import replace

from waag.domain.agreement_events import told_of_request
from waag.domain.agreement_states import (
    CommandRefused,
    Given,
    described,
    ended,
    find,
    status_of,
    telling_of,
)
from waag.domain.cancellation_requests import CancellationRequest, ReasonCode, RequestStatus
from waag.domain.instants import Instant
from waag.domain.market import Agreement, AgreementStatus, Life
from waag.domain.market_changes import MarketChange


def request_cancellation(
    agreement_id: str, reason: ReasonCode, description: str, given: Given
) -> MarketChange:
    """The seller asks; the buyer has seven days to answer.

    Raises:
        AgreementUnknown, CommandRefused: no such agreement, or one that is not active, or has a
            request that waits for an answer.
    """
    agreement, _, life = find(agreement_id, given)
    if status_of(agreement, given.now) is not AgreementStatus.ACTIVE:
        raise CommandRefused(
            f"{described(agreement, given.now)}: its cancellation is requested while it is active."
        )
    if life.request is not None and life.request.pending:
        raise CommandRefused(
            f"Request {life.request.id} to cancel agreement {agreement.id} is waiting to be "
            "accepted, rejected or withdrawn."
        )
    request = CancellationRequest(
        given.names.cancellation_request_id(),
        reason,
        description,
        RequestStatus.PENDING_APPROVAL,
        "",
        given.now,
        given.now,
    )
    return _told(agreement, life, request, given)


def accept_cancellation(agreement_id: str, given: Given) -> MarketChange:
    """The buyer agrees, and the agreement ends now.

    Raises:
        AgreementUnknown, CommandRefused: there is no request to accept.
    """
    agreement, life, _ = _pending(agreement_id, given)
    return approved(agreement, life, given.now, given)


def approved(agreement: Agreement, life: Life, at: Instant, given: Given) -> MarketChange:
    """The pending request is approved at `at`, and the agreement ends with that."""
    assert life.request is not None, "a request is there"
    request = life.request.decided(RequestStatus.APPROVED, at)
    life = replace(life, request=request)
    change = ended(agreement, life, AgreementStatus.CANCELLED, at, given)
    told = told_of_request(telling_of(agreement, life, given), request)
    return replace(change, events=(*told, *change.events))


def reject_cancellation(agreement_id: str, why: str, given: Given) -> MarketChange:
    """The buyer does not agree, and the agreement goes on.

    Raises:
        AgreementUnknown, CommandRefused: there is no request to reject.
    """
    agreement, life, request = _pending(agreement_id, given)
    rejected = request.decided(RequestStatus.REJECTED, given.now, why)
    return _told(agreement, life, rejected, given)


def withdraw_cancellation(agreement_id: str, why: str, given: Given) -> MarketChange:
    """The seller asks no longer.

    Raises:
        AgreementUnknown, CommandRefused: there is no request to withdraw.
    """
    agreement, life, request = _pending(agreement_id, given)
    withdrawn = request.decided(RequestStatus.CANCELLED, given.now, why)
    return _told(agreement, life, withdrawn, given)


def _pending(agreement_id: str, given: Given) -> tuple[Agreement, Life, CancellationRequest]:
    agreement, _, life = find(agreement_id, given)
    request = life.request
    if request is None:
        raise CommandRefused(f"Nobody has requested that agreement {agreement.id} be cancelled.")
    if not request.pending:
        raise CommandRefused(
            f"Request {request.id} to cancel agreement {agreement.id} is "
            f"{request.status.value.lower()}; only one that is pending can be answered."
        )
    return agreement, life, request


def _told(
    agreement: Agreement, life: Life, request: CancellationRequest, given: Given
) -> MarketChange:
    life = replace(life, request=request)
    asked = replace(agreement, life=life)
    events = told_of_request(telling_of(asked, life, given), request)
    return MarketChange(agreements=(asked,), changed=1, events=tuple(events))

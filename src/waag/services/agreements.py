"""Agreements as the operator handles them: commands carried out, agreements and events shown."""

from collections.abc import Callable, Sequence

import msgspec

from waag.domain.agreement_cancellation import (
    accept_cancellation,
    reject_cancellation,
    request_cancellation,
    withdraw_cancellation,
)
from waag.domain.agreement_events import AgreementChoices
from waag.domain.agreement_names import Names
from waag.domain.agreement_states import AgreementUnknown, Given, status_of
from waag.domain.agreements import (
    AgreementQuery,
    Subscription,
    amend,
    cancel,
    reinstate,
    renew,
    subscribe,
    suspend,
)
from waag.domain.cancellation_requests import ReasonCode
from waag.domain.events import EventPlace, EventQuery, EventStatus, KeptEvent
from waag.domain.instants import Instant, format_instant
from waag.domain.market import Agreement, AgreementStatus, Entitlement, Market, Product
from waag.domain.market_changes import MarketChange
from waag.domain.refusals import Refusal
from waag.ports import Clock, Markets, RandomBytes, Settle
from waag.ports.agreements import Agreements, Outbox


class AgreementQueryRefused(Refusal):
    """A question about agreements or events that names something unknown."""

    rule = "agreement.query"


class EventUnknown(Refusal):
    """No such event."""

    rule = "event.unknown"


class EventNotSent(Refusal):
    """An event that is on its way, or whose time has not come."""

    rule = "event.state"


class ShownAgreement(msgspec.Struct, frozen=True):
    """An agreement with where it stands now."""

    agreement: Agreement
    product: Product
    status: AgreementStatus


class AgreementPage(msgspec.Struct, frozen=True):
    """Agreements by number, and the number to go on from; None on the last page."""

    agreements: Sequence[ShownAgreement]
    next: int | None


class EventPage(msgspec.Struct, frozen=True):
    """Events in order of due time, and the place to go on from; None on the last page."""

    events: Sequence[KeptEvent]
    next: EventPlace | None


class AgreementCommands:
    """Every command: one transaction with all that is told of it, and what is due settled.

    Args:
        clock: tells when.
        markets: where agreements are changed.
        choices: the readings taken where sources on agreements differ.
        random_bytes: for ids.
        settle: told before and after each.
    """

    def __init__(
        self,
        clock: Clock,
        markets: Markets,
        choices: AgreementChoices,
        random_bytes: RandomBytes,
        settle: Settle,
    ) -> None:
        self._clock = clock
        self._markets = markets
        self._choices = choices
        self._names = Names(random_bytes)
        self._settle = settle

    def subscribe(self, asked: Subscription) -> Agreement:
        """See `waag.domain.agreements.subscribe`; so with each of the others."""
        return self._carry_out(lambda given: subscribe(asked, given))

    def amend(self, agreement_id: str, entitlements: tuple[Entitlement, ...]) -> Agreement:
        """Grant something else."""
        return self._carry_out(lambda given: amend(agreement_id, entitlements, given))

    def renew(
        self, agreement_id: str, ends: Instant, entitlements: tuple[Entitlement, ...] | None
    ) -> Agreement:
        """Have a later end: the agreement itself, or the one that takes its place."""
        return self._carry_out(lambda given: renew(agreement_id, ends, entitlements, given))

    def cancel(self, agreement_id: str) -> Agreement:
        """End it now."""
        return self._carry_out(lambda given: cancel(agreement_id, given))

    def suspend(self, agreement_id: str) -> Agreement:
        """Have it take nothing."""
        return self._carry_out(lambda given: suspend(agreement_id, given))

    def reinstate(self, agreement_id: str) -> Agreement:
        """Have it take usage again."""
        return self._carry_out(lambda given: reinstate(agreement_id, given))

    def request_cancellation(
        self, agreement_id: str, reason: ReasonCode, description: str
    ) -> Agreement:
        """Ask the buyer; see `waag.domain.agreement_cancellation`, as for the next three."""
        return self._carry_out(
            lambda given: request_cancellation(agreement_id, reason, description, given)
        )

    def accept_cancellation(self, agreement_id: str) -> Agreement:
        """Agree as the buyer."""
        return self._carry_out(lambda given: accept_cancellation(agreement_id, given))

    def reject_cancellation(self, agreement_id: str, why: str) -> Agreement:
        """Refuse as the buyer."""
        return self._carry_out(lambda given: reject_cancellation(agreement_id, why, given))

    def withdraw_cancellation(self, agreement_id: str, why: str) -> Agreement:
        """Ask no longer."""
        return self._carry_out(lambda given: withdraw_cancellation(agreement_id, why, given))

    def _carry_out(self, command: Callable[[Given], MarketChange]) -> Agreement:
        """One command after another: none is told the time before that of an earlier one."""

        def decide(market: Market) -> MarketChange:
            return command(Given(market, self._choices, self._clock.now(), self._names))

        self._settle()
        agreement = self._markets.change(decide).agreements[0]
        self._settle()
        return agreement


def show_agreement(agreement_id: str, market: Market, now: Instant) -> ShownAgreement:
    """One agreement.

    Raises:
        AgreementUnknown: there is none.
        StoreUnavailable: the market could not be read.
    """
    agreement = market.agreement(agreement_id)
    if agreement is None:
        raise AgreementUnknown(f"There is no agreement {agreement_id!r}.")
    return _shown(agreement, market, now)


def list_agreements(
    agreements: Agreements,
    market: Market,
    *,
    product: str | None,
    buyer: str | None,
    status: AgreementStatus | None,
    now: Instant,
    after: int,
    limit: int,
) -> AgreementPage:
    """Agreements to a product (its code or id), of a buyer, that stand so at `now`.

    Raises:
        AgreementQueryRefused: no such product or buyer.
        StoreUnavailable: they could not be read.
    """
    if buyer is not None and market.account(buyer) is None:
        raise AgreementQueryRefused(f"There is no account {buyer!r}.")
    # One more than is asked for tells whether there is a next page.
    found = agreements.agreements(
        AgreementQuery(_product_id(product, market), buyer, status, now, after, limit + 1)
    )
    shown = [_shown(each, market, now) for each in found[:limit]]
    return AgreementPage(shown, shown[-1].agreement.number if len(found) > limit else None)


def list_events(
    outbox: Outbox,
    market: Market,
    *,
    agreement: str | None,
    product: str | None,
    status: EventStatus | None,
    after: EventPlace | None,
    limit: int,
) -> EventPage:
    """Events of an agreement, of a product (its code or id), that have come so far.

    Raises:
        AgreementQueryRefused: no such product or agreement.
        StoreUnavailable: they could not be read.
    """
    if agreement is not None and market.agreement(agreement) is None:
        raise AgreementQueryRefused(f"There is no agreement {agreement!r}.")
    found = outbox.events(
        EventQuery(agreement, _product_id(product, market), status, after, limit + 1)
    )
    page = found[:limit]
    more = len(found) > limit
    return EventPage(page, (page[-1].event.due, page[-1].number) if more else None)


def resend_event(event_id: str, outbox: Outbox, settle: Settle) -> KeptEvent:
    """Have an event delivered once more that was sent or given up; its attempts begin anew.

    Raises:
        EventUnknown: there is none.
        EventNotSent: it is on its way already, or its time has not come.
        StoreUnavailable: the store could not read or write.
    """
    due_once_more = outbox.resend(event_id)
    kept = outbox.event(event_id)
    if kept is None:
        raise EventUnknown(f"There is no event {event_id!r}.")
    if not due_once_more:
        raise EventNotSent(
            f"Event {event_id} falls due at {format_instant(kept.event.due)} and is "
            f"{kept.status.value}; what can be sent once more is sent or failed."
        )
    settle()
    return kept


def _product_id(product: str | None, market: Market) -> str | None:
    if product is None:
        return None
    found = market.product_by_code(product) or market.product(product)
    if found is None:
        raise AgreementQueryRefused(f"There is no product with the code or id {product!r}.")
    return found.id


def _shown(agreement: Agreement, market: Market, now: Instant) -> ShownAgreement:
    product = market.product(agreement.product_id)
    assert product is not None, "an agreement refers to its product"
    return ShownAgreement(agreement, product, status_of(agreement, now))

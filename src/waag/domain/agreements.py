"""The life of an agreement: what can be done with it in each state, and what each command changes.

    subscribe ──> pending ──its start──> active ──cancel──> cancelled
        │           └ ──cancel──> cancelled  │ ^  │ ──the clock──> expired
        └ ──the payment fails──> failed      │ │  └ ──renew──> renewed, another begins; or goes on
                                     suspend v │ reinstate
                                          suspended ──cancel──> cancelled, ──the clock──> expired

A function for each command: from the market as it is to the change of it, events included, or a
refusal that says what would be possible. Nothing here tells time or rolls dice.

Source: AWS Marketplace Seller Guide, SaaS products; AWS has no API for a seller by which a buyer
subscribes, so that the commands, and suspending among them, are Waag's own.
"""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from waag.domain.agreement_cancellation import approved
from waag.domain.agreement_events import (
    NOTICES,
    START_NAMES,
    UNSUBSCRIBE_SUCCESS,
    Renewal,
    closes_after,
    told_of_amendment,
    told_of_cancellation_before_start,
    told_of_failure,
    told_of_new_end,
    told_of_start,
)
from waag.domain.agreement_states import (
    Command,
    CommandRefused,
    Given,
    ended,
    expires,
    standing,
    status_of,
    take,
    telling_of,
)
from waag.domain.agreement_terms import (
    check_can_fail,
    check_entitlements,
    check_parties,
    check_start,
    check_terms,
)
from waag.domain.billing_terms import renewed_terms
from waag.domain.instants import Instant
from waag.domain.market import (
    Account,
    Agreement,
    AgreementStatus,
    Entitlement,
    Integration,
    Life,
    OfferKind,
    Product,
)
from waag.domain.market_changes import MarketChange


class Subscription(msgspec.Struct, frozen=True):
    """What a buyer accepts.

    Attributes:
        product: a product's code or id.
        ends: None for pay-as-you-go.
        starts: None for now.
        fails: the buyer's subscription fails, as where its payment is not accepted.
    """

    product: str
    buyer_id: str
    offer: OfferKind = OfferKind.PUBLIC
    ends: Instant | None = None
    entitlements: tuple[Entitlement, ...] = ()
    starts: Instant | None = None
    fails: bool = False


class AgreementQuery(msgspec.Struct, frozen=True):
    """Which agreements are asked for.

    Attributes:
        product_id, buyer_id, status: None for all.
        now: what their states are judged by.
        after: the number to go on from.
    """

    product_id: str | None
    buyer_id: str | None
    status: AgreementStatus | None
    now: Instant
    after: int
    limit: int


def subscribe(asked: Subscription, given: Given) -> MarketChange:
    """A buyer accepts an offer; the agreement begins now or later, or fails.

    Where a legacy product is subscribed to again within the final hour of the agreement before,
    nobody is told that that hour has ended. Source: Seller Guide, unsubscribe-pending.

    Raises:
        TermsRefused: no such product or buyer, terms that do not fit the product, or, with the
            legacy integration, an agreement that the buyer has already.
    """
    product, buyer = check_parties(asked.product, asked.buyer_id, given.market)
    starts = given.now if asked.starts is None else asked.starts
    check_start(starts, given.now)
    check_terms(product, asked.offer, asked.ends, asked.entitlements, starts)
    before = given.market.agreements_of(product.id, buyer.id)
    if product.integration is Integration.LEGACY:
        _check_alone(before, product, given.now)
    agreement = _agreed(asked, product, buyer, starts=starts, before=before, given=given)
    if asked.fails:
        check_can_fail(product)
        return _failed(agreement, given)
    assert agreement.life is not None, "it was begun with one"
    goes_on = product.integration is Integration.LEGACY and starts == given.now
    return MarketChange(
        agreements=(agreement,),
        added=1,
        events=tuple(told_of_start(telling_of(agreement, agreement.life, given))),
        withdrawn_events=tuple(
            (each.id, UNSUBSCRIBE_SUCCESS, given.now) for each in before if goes_on
        ),
    )


def _agreed(
    asked: Subscription,
    product: Product,
    buyer: Account,
    *,
    starts: Instant,
    before: Sequence[Agreement],
    given: Given,
) -> Agreement:
    """What is agreed to; which of the two names the customer is known by depends on the product."""
    legacy = product.integration is Integration.LEGACY
    life = Life(
        AgreementStatus.ACTIVE,
        asked.offer,
        given.names.offer_id(),
        given.now,
        None if asked.ends is None else closes_after(asked.ends, given.choices),
    )
    return Agreement(
        given.market.numbers_taken().agreement + 1,
        given.names.agreement_id(),
        product.id,
        buyer.id,
        buyer.number,
        _customer_identifier(before, given) if legacy else None,
        None if legacy else given.names.license_arn(),
        starts,
        asked.ends,
        asked.entitlements,
        life,
    )


def _failed(agreement: Agreement, given: Given) -> MarketChange:
    """It never began: it grants nothing, and no usage is taken, not even a final hour's."""
    assert agreement.life is not None, "it was begun with one"
    at = agreement.starts
    life = replace(agreement.life, status=AgreementStatus.FAILED, closes=at)
    failed = replace(agreement, ends=at, entitlements=(), life=life)
    events = told_of_failure(telling_of(failed, life, given))
    return MarketChange(agreements=(failed,), added=1, events=tuple(events))


def amend(agreement_id: str, entitlements: tuple[Entitlement, ...], given: Given) -> MarketChange:
    """A contract grants something else from now on.

    Raises:
        AgreementUnknown, CommandRefused: there is nothing to amend.
        TermsRefused: entitlements that do not fit the product.
    """
    agreement, product, life = take(agreement_id, Command.AMEND, given)
    check_entitlements(product, entitlements)
    amended = replace(agreement, entitlements=entitlements, life=life)
    events = told_of_amendment(telling_of(amended, life, given), given.now)
    return MarketChange(agreements=(amended,), changed=1, events=tuple(events))


def renew(
    agreement_id: str,
    ends: Instant,
    entitlements: tuple[Entitlement, ...] | None,
    given: Given,
) -> MarketChange:
    """An agreement with an end gets a later one: another takes its place, or it goes on.

    Args:
        agreement_id: which.
        ends: the new end.
        entitlements: None for the same as before.
        given: the choice among the readings is one of its choices.

    Raises:
        AgreementUnknown, CommandRefused: there is nothing to renew.
        TermsRefused: an end that is no later, or terms that do not fit the product.
    """
    agreement, product, life = take(agreement_id, Command.RENEW, given)
    granted = agreement.entitlements if entitlements is None else entitlements
    check_terms(product, life.offer, ends, granted, given.now, later_than=agreement.ends)
    closes = closes_after(ends, given.choices)
    if given.choices.renewal is Renewal.SAME_AGREEMENT:
        life = replace(life, closes=closes)
        longer = replace(agreement, ends=ends, entitlements=granted, life=life)
        events = told_of_new_end(telling_of(longer, life, given), given.now)
        return MarketChange(
            agreements=(longer,),
            changed=1,
            events=tuple(events),
            withdrawn_events=tuple((longer.id, name, given.now) for name in NOTICES),
        )
    successors = Life(
        AgreementStatus.ACTIVE,
        life.offer,
        given.names.offer_id(),
        given.now,
        closes,
        agreement.id,
    )
    successor = replace(
        agreement,
        number=given.market.numbers_taken().agreement + 1,
        id=given.names.agreement_id(),
        license_arn=None if agreement.license_arn is None else given.names.license_arn(),
        starts=given.now,
        ends=ends,
        entitlements=granted,
        life=successors,
        terms=renewed_terms(agreement.terms),
    )
    over = ended(agreement, life, AgreementStatus.RENEWED, given.now, given)
    begun = tuple(told_of_start(telling_of(successor, successors, given)))
    return MarketChange(
        agreements=(successor, *over.agreements),
        added=1,
        changed=1,
        events=(*over.events, *begun),
        withdrawn_events=over.withdrawn_events,
    )


def cancel(agreement_id: str, given: Given) -> MarketChange:
    """An agreement ends now; one that has not begun never does.

    Raises:
        AgreementUnknown, CommandRefused: there is nothing to cancel.
    """
    agreement, _, life = take(agreement_id, Command.CANCEL, given)
    if given.now < agreement.starts:
        return _cancelled_before_start(agreement, life, given)
    return ended(agreement, life, AgreementStatus.CANCELLED, given.now, given)


def _cancelled_before_start(agreement: Agreement, life: Life, given: Given) -> MarketChange:
    """There is no license to take back, no usage to wait for, and no start to tell of."""
    life = replace(life, status=AgreementStatus.CANCELLED, closes=given.now)
    over = replace(agreement, ends=given.now, life=life)
    told = told_of_cancellation_before_start(telling_of(over, life, given), given.now)
    return MarketChange(
        agreements=(over,),
        changed=1,
        events=tuple(told),
        withdrawn_events=tuple((over.id, name, given.now) for name in (*START_NAMES, *NOTICES)),
    )


def suspend(agreement_id: str, given: Given) -> MarketChange:
    """An agreement takes no usage until it is reinstated; nobody is told.

    Raises:
        AgreementUnknown, CommandRefused: there is nothing to suspend.
    """
    agreement, _, life = take(agreement_id, Command.SUSPEND, given)
    return standing(agreement, replace(life, status=AgreementStatus.SUSPENDED))


def reinstate(agreement_id: str, given: Given) -> MarketChange:
    """A suspended agreement takes usage again; nobody is told.

    Raises:
        AgreementUnknown, CommandRefused: there is nothing to reinstate.
    """
    agreement, _, life = take(agreement_id, Command.REINSTATE, given)
    return standing(agreement, replace(life, status=AgreementStatus.ACTIVE))


def expire(agreement_ids: Sequence[str], given: Given) -> MarketChange:
    """What has come to its end by now has ended, each at its own instant; the rest stays.

    Also by a request for cancellation that nobody answered in time.
    """
    changes: list[MarketChange] = []
    for agreement_id in agreement_ids:
        agreement = given.market.agreement(agreement_id)
        at = None if agreement is None else expires(agreement)
        if agreement is None or agreement.life is None or at is None or at > given.now:
            continue
        if at == agreement.ends:
            life = agreement.life
            changes.append(ended(agreement, life, AgreementStatus.EXPIRED, at, given))
        else:
            changes.append(approved(agreement, agreement.life, at, given))
    return MarketChange(
        agreements=tuple(each for change in changes for each in change.agreements),
        changed=len(changes),
        events=tuple(event for change in changes for event in change.events),
        withdrawn_events=tuple(each for change in changes for each in change.withdrawn_events),
    )


def _check_alone(before: Sequence[Agreement], product: Product, now: Instant) -> None:
    goes_on = (AgreementStatus.PENDING, AgreementStatus.ACTIVE, AgreementStatus.SUSPENDED)
    for agreement in before:
        status = status_of(agreement, now)
        if status in goes_on:
            raise CommandRefused(
                f"Customer {agreement.buyer_id} has agreement {agreement.id} to product "
                f"{product.code}, which is {status.value}; with the legacy integration a customer "
                "has one at a time."
            )


def _customer_identifier(before: Sequence[Agreement], given: Given) -> str:
    """A buyer keeps its identifier from agreement to agreement. Source: Seller Guide, SaaS."""
    known = [each.customer_identifier for each in before if each.customer_identifier is not None]
    return known[-1] if known else given.names.customer_identifier()

"""The life of an agreement: what can be done with it in each state, and what each command changes.

    subscribe ──> active ──cancel──> cancelled
                  │ ^  │ ──the clock──> expired
            suspend │  └ ──renew──> renewed, another begins; or active, with a later end
                  v reinstate
               suspended ──cancel──> cancelled, ──the clock──> expired

A function for each command: from the market as it is to the change of it, events included, or a
refusal that says what would be possible. Nothing here tells time or rolls dice.

Source: AWS Marketplace Seller Guide, SaaS products; AWS has no API for a seller by which a buyer
subscribes, so that the commands, and suspending among them, are Waag's own.
"""

from collections.abc import Mapping, Sequence
from enum import Enum

import msgspec
from msgspec.structs import replace

from waag.domain.agreement_events import (
    UNSUBSCRIBE_SUCCESS,
    AgreementChoices,
    Renewal,
    Telling,
    closes_after,
    told_of_amendment,
    told_of_end,
    told_of_new_end,
    told_of_start,
)
from waag.domain.agreement_names import Names
from waag.domain.agreement_terms import check_entitlements, check_parties, check_terms
from waag.domain.billing_terms import renewed_terms
from waag.domain.instants import Instant, format_instant
from waag.domain.market import (
    Agreement,
    AgreementStatus,
    Entitlement,
    Integration,
    Life,
    Market,
    OfferKind,
    Product,
)
from waag.domain.market_changes import MarketChange
from waag.domain.refusals import Refusal


class AgreementUnknown(Refusal):
    """No such agreement."""

    rule = "agreement.unknown"


class CommandRefused(Refusal):
    """An agreement that is not in a state for this command."""

    rule = "agreement.state"


class Command(Enum):
    """What can be done with an agreement; `value` is the word for it once it is done."""

    AMEND = "amended"
    RENEW = "renewed"
    CANCEL = "cancelled"
    SUSPEND = "suspended"
    REINSTATE = "reinstated"


POSSIBLE: Mapping[AgreementStatus, Sequence[Command]] = {
    AgreementStatus.PENDING: (),
    AgreementStatus.ACTIVE: (Command.AMEND, Command.RENEW, Command.CANCEL, Command.SUSPEND),
    AgreementStatus.SUSPENDED: (Command.CANCEL, Command.REINSTATE),
    AgreementStatus.CANCELLED: (),
    AgreementStatus.EXPIRED: (),
    AgreementStatus.RENEWED: (),
}
"""What each state allows; the terms of an agreement may allow less."""


class Subscription(msgspec.Struct, frozen=True):
    """What a buyer accepts.

    Attributes:
        product: a product's code or id.
        ends: None for pay-as-you-go.
    """

    product: str
    buyer_id: str
    offer: OfferKind = OfferKind.PUBLIC
    ends: Instant | None = None
    entitlements: tuple[Entitlement, ...] = ()


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


class Given(msgspec.Struct, frozen=True):
    """What a command is judged by and carried out with, beside itself."""

    market: Market
    choices: AgreementChoices
    now: Instant
    names: Names


def status_of(agreement: Agreement, now: Instant) -> AgreementStatus:
    """Where an agreement stands at `now`, also if what the clock does to it is not settled yet."""
    settled = AgreementStatus.ACTIVE if agreement.life is None else agreement.life.status
    if settled not in (AgreementStatus.ACTIVE, AgreementStatus.SUSPENDED):
        return settled
    if now < agreement.starts:
        return AgreementStatus.PENDING
    if agreement.ends is not None and agreement.ends <= now:
        return AgreementStatus.EXPIRED
    return settled


def expires(agreement: Agreement) -> Instant | None:
    """When the clock has to end it; None if it does not, as where a market file put it there."""
    living = (AgreementStatus.ACTIVE, AgreementStatus.SUSPENDED)
    alive = agreement.life is not None and agreement.life.status in living
    return agreement.ends if alive else None


def possible(agreement: Agreement, product: Product, now: Instant) -> Sequence[Command]:
    """The commands that an agreement takes at `now`."""
    without: set[Command] = set()
    if agreement.ends is None:
        without.add(Command.RENEW)
    if not product.type.is_contract:
        without.add(Command.AMEND)
    return [each for each in POSSIBLE[status_of(agreement, now)] if each not in without]


def subscribe(asked: Subscription, given: Given) -> MarketChange:
    """A buyer accepts an offer; the agreement begins now.

    Where a legacy product is subscribed to again within the final hour of the agreement before,
    nobody is told that that hour has ended. Source: Seller Guide, unsubscribe-pending.

    Raises:
        TermsRefused: no such product or buyer, terms that do not fit the product, or, with the
            legacy integration, an agreement that the buyer has already.
    """
    product, buyer = check_parties(asked.product, asked.buyer_id, given.market)
    check_terms(product, asked.offer, asked.ends, asked.entitlements, given.now)
    before = given.market.agreements_of(product.id, buyer.id)
    legacy = product.integration is Integration.LEGACY
    if legacy:
        _check_alone(before, product, given.now)
    life = Life(
        AgreementStatus.ACTIVE,
        asked.offer,
        given.names.offer_id(),
        given.now,
        None if asked.ends is None else closes_after(asked.ends, given.choices),
    )
    agreement = Agreement(
        given.market.numbers_taken().agreement + 1,
        given.names.agreement_id(),
        product.id,
        buyer.id,
        buyer.number,
        _customer_identifier(before, given) if legacy else None,
        None if legacy else given.names.license_arn(),
        given.now,
        asked.ends,
        asked.entitlements,
        life,
    )
    return MarketChange(
        agreements=(agreement,),
        added=1,
        events=tuple(told_of_start(_telling(agreement, life, given))),
        withdrawn_events=tuple((each.id, UNSUBSCRIBE_SUCCESS) for each in before if legacy),
    )


def amend(agreement_id: str, entitlements: tuple[Entitlement, ...], given: Given) -> MarketChange:
    """A contract grants something else from now on.

    Raises:
        AgreementUnknown, CommandRefused: there is nothing to amend.
        TermsRefused: entitlements that do not fit the product.
    """
    agreement, product, life = _take(agreement_id, Command.AMEND, given)
    check_entitlements(product, entitlements)
    amended = replace(agreement, entitlements=entitlements, life=life)
    events = told_of_amendment(_telling(amended, life, given), given.now)
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
    agreement, product, life = _take(agreement_id, Command.RENEW, given)
    granted = agreement.entitlements if entitlements is None else entitlements
    check_terms(product, life.offer, ends, granted, given.now, later_than=agreement.ends)
    closes = closes_after(ends, given.choices)
    if given.choices.renewal is Renewal.SAME_AGREEMENT:
        life = replace(life, closes=closes)
        longer = replace(agreement, ends=ends, entitlements=granted, life=life)
        events = told_of_new_end(_telling(longer, life, given), given.now)
        return MarketChange(agreements=(longer,), changed=1, events=tuple(events))
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
    ended = _ended(agreement, life, AgreementStatus.RENEWED, given.now, given)
    begun = tuple(told_of_start(_telling(successor, successors, given)))
    return MarketChange(
        agreements=(successor, *ended.agreements),
        added=1,
        changed=1,
        events=(*ended.events, *begun),
    )


def cancel(agreement_id: str, given: Given) -> MarketChange:
    """An agreement ends now.

    Raises:
        AgreementUnknown, CommandRefused: there is nothing to cancel.
    """
    agreement, _, life = _take(agreement_id, Command.CANCEL, given)
    return _ended(agreement, life, AgreementStatus.CANCELLED, given.now, given)


def suspend(agreement_id: str, given: Given) -> MarketChange:
    """An agreement takes no usage until it is reinstated; nobody is told.

    Raises:
        AgreementUnknown, CommandRefused: there is nothing to suspend.
    """
    agreement, _, life = _take(agreement_id, Command.SUSPEND, given)
    return _standing(agreement, replace(life, status=AgreementStatus.SUSPENDED))


def reinstate(agreement_id: str, given: Given) -> MarketChange:
    """A suspended agreement takes usage again; nobody is told.

    Raises:
        AgreementUnknown, CommandRefused: there is nothing to reinstate.
    """
    agreement, _, life = _take(agreement_id, Command.REINSTATE, given)
    return _standing(agreement, replace(life, status=AgreementStatus.ACTIVE))


def expire(agreement_ids: Sequence[str], given: Given) -> MarketChange:
    """What has come to its end by now has ended, each at its own instant; the rest stays."""
    changes: list[MarketChange] = []
    for agreement_id in agreement_ids:
        agreement = given.market.agreement(agreement_id)
        ends = None if agreement is None else expires(agreement)
        if agreement is not None and agreement.life and ends is not None and ends <= given.now:
            life = agreement.life
            changes.append(_ended(agreement, life, AgreementStatus.EXPIRED, ends, given))
    return MarketChange(
        agreements=tuple(each for change in changes for each in change.agreements),
        changed=len(changes),
        events=tuple(event for change in changes for event in change.events),
    )


def _take(agreement_id: str, command: Command, given: Given) -> tuple[Agreement, Product, Life]:
    """An agreement that takes this command; one from a market file begins a life with it."""
    agreement = given.market.agreement(agreement_id)
    if agreement is None:
        raise AgreementUnknown(f"There is no agreement {agreement_id!r}.")
    product = given.market.product(agreement.product_id)
    assert product is not None, "an agreement refers to its product"
    commands = possible(agreement, product, given.now)
    if command not in commands:
        raise CommandRefused(_not_possible(agreement, command, commands, given.now))
    life = agreement.life or Life(
        AgreementStatus.ACTIVE,
        OfferKind.PUBLIC,
        given.names.offer_id(),
        agreement.starts,
        None if agreement.ends is None else closes_after(agreement.ends, given.choices),
    )
    return agreement, product, life


def _not_possible(
    agreement: Agreement, command: Command, commands: Sequence[Command], now: Instant
) -> str:
    status = status_of(agreement, now)
    stands = f"Agreement {agreement.id} is {status.value}"
    if status is AgreementStatus.PENDING:
        stands += f" until {format_instant(agreement.starts)}"
    elif agreement.ends is None:
        stands += " and has no end"
    allowed = " or ".join(each.value for each in commands)
    can = f"it can be {allowed}" if allowed else "nothing can be done with it"
    return f"{stands}: {can}, so it cannot be {command.value}."


def _check_alone(before: Sequence[Agreement], product: Product, now: Instant) -> None:
    over = (AgreementStatus.CANCELLED, AgreementStatus.EXPIRED, AgreementStatus.RENEWED)
    for agreement in before:
        status = status_of(agreement, now)
        if status not in over:
            raise CommandRefused(
                f"Customer {agreement.buyer_id} has agreement {agreement.id} to product "
                f"{product.code}, which is {status.value}; with the legacy integration a customer "
                "has one at a time."
            )


def _standing(agreement: Agreement, life: Life) -> MarketChange:
    return MarketChange(agreements=(replace(agreement, life=life),), changed=1)


def _ended(
    agreement: Agreement, life: Life, status: AgreementStatus, at: Instant, given: Given
) -> MarketChange:
    closes = closes_after(at, given.choices)
    life = replace(life, status=status, closes=closes)
    ended = replace(agreement, ends=at, life=life)
    events = told_of_end(_telling(ended, life, given), at, closes)
    return MarketChange(agreements=(ended,), changed=1, events=tuple(events))


def _telling(agreement: Agreement, life: Life, given: Given) -> Telling:
    product = given.market.product(agreement.product_id)
    assert product is not None, "an agreement refers to its product"
    seller = given.market.account(product.seller_id)
    assert seller is not None, "a product refers to its seller"
    return Telling(agreement, life, product, seller, given.choices, given.names.uuid)


def _customer_identifier(before: Sequence[Agreement], given: Given) -> str:
    """A buyer keeps its identifier from agreement to agreement. Source: Seller Guide, SaaS."""
    known = [each.customer_identifier for each in before if each.customer_identifier is not None]
    return known[-1] if known else given.names.customer_identifier()

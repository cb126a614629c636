"""Where an agreement stands, which commands it takes there, and how it ends.

The commands themselves are `agreements`' and `agreement_cancellation`'s concern.
"""

from collections.abc import Mapping, Sequence
from enum import Enum

import msgspec
from msgspec.structs import replace

from waag.domain.agreement_events import (
    NOTICES,
    AgreementChoices,
    Telling,
    closes_after,
    told_of_end,
    told_of_request,
)
from waag.domain.agreement_names import Names
from waag.domain.cancellation_requests import RequestStatus
from waag.domain.instants import Instant, format_instant
from waag.domain.market import Agreement, AgreementStatus, Life, Market, OfferKind, Product
from waag.domain.market_changes import MarketChange
from waag.domain.market_definition import defined_as
from waag.domain.refusals import Refusal

RENEWED_FIRST = "Agreement has a renewal agreement that must be canceled first"
"""Source: Seller Guide, EventBridge, an example of a request that failed."""

NOT_ACTIVE = "Agreement is not active"


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
    AgreementStatus.PENDING: (Command.CANCEL,),
    AgreementStatus.ACTIVE: (Command.AMEND, Command.RENEW, Command.CANCEL, Command.SUSPEND),
    AgreementStatus.SUSPENDED: (Command.CANCEL, Command.REINSTATE),
    AgreementStatus.CANCELLED: (),
    AgreementStatus.EXPIRED: (),
    AgreementStatus.RENEWED: (),
    AgreementStatus.FAILED: (),
}
"""What each state allows; the terms of an agreement may allow less."""

LIVING = (AgreementStatus.ACTIVE, AgreementStatus.SUSPENDED)


class Given(msgspec.Struct, frozen=True):
    """What a command is judged by and carried out with, beside itself."""

    market: Market
    choices: AgreementChoices
    now: Instant
    names: Names


def status_of(agreement: Agreement, now: Instant) -> AgreementStatus:
    """Where an agreement stands at `now`, also if what the clock does to it is not settled yet."""
    settled = AgreementStatus.ACTIVE if agreement.life is None else agreement.life.status
    if settled not in LIVING:
        return settled
    if now < agreement.starts:
        return AgreementStatus.PENDING
    if agreement.ends is not None and agreement.ends <= now:
        return AgreementStatus.EXPIRED
    return settled


def expires(agreement: Agreement) -> Instant | None:
    """When the clock has to end it; None if it does not, as where a market file put it there."""
    life = agreement.life
    if life is None or life.status not in LIVING:
        return None
    approved = None if life.request is None else life.request.approves_itself
    return min((each for each in (agreement.ends, approved) if each is not None), default=None)


def possible(agreement: Agreement, product: Product, now: Instant) -> Sequence[Command]:
    """The commands that an agreement takes at `now`."""
    without: set[Command] = set()
    if agreement.ends is None:
        without.add(Command.RENEW)
    if not product.type.is_contract:
        without.add(Command.AMEND)
    return [each for each in POSSIBLE[status_of(agreement, now)] if each not in without]


def find(agreement_id: str, given: Given) -> tuple[Agreement, Product, Life]:
    """An agreement; one from a market file begins a life with the first command about it.

    Raises:
        AgreementUnknown: there is none.
    """
    agreement = given.market.agreement(agreement_id)
    if agreement is None:
        raise AgreementUnknown(f"There is no agreement {agreement_id!r}.")
    product = given.market.product(agreement.product_id)
    assert product is not None, "an agreement refers to its product"
    life = agreement.life or Life(
        AgreementStatus.ACTIVE,
        OfferKind.PUBLIC,
        given.names.offer_id(),
        agreement.starts,
        None if agreement.ends is None else closes_after(agreement.ends, given.choices),
        defined=defined_as(agreement),
    )
    return agreement, product, life


def take(agreement_id: str, command: Command, given: Given) -> tuple[Agreement, Product, Life]:
    """An agreement that takes this command.

    Raises:
        AgreementUnknown, CommandRefused: there is none.
    """
    agreement, product, life = find(agreement_id, given)
    commands = possible(agreement, product, given.now)
    if command not in commands:
        raise CommandRefused(_not_possible(agreement, command, commands, given.now))
    return agreement, product, life


def standing(agreement: Agreement, life: Life) -> MarketChange:
    """It goes on with another life, and nobody is told."""
    return MarketChange(agreements=(replace(agreement, life=life),), changed=1)


def ended(
    agreement: Agreement, life: Life, status: AgreementStatus, at: Instant, given: Given
) -> MarketChange:
    """It has ended at `at`; a request that was pending cannot be answered any more."""
    closes = closes_after(at, given.choices)
    request = life.request
    if request is not None and request.pending:
        why = RENEWED_FIRST if status is AgreementStatus.RENEWED else NOT_ACTIVE
        request = request.decided(RequestStatus.VALIDATION_FAILED, at, why)
    told = request if request is not life.request else None
    life = replace(life, status=status, closes=closes, request=request)
    over = replace(agreement, ends=at, life=life)
    telling = telling_of(over, life, given)
    events = [*told_of_end(telling, at, closes)]
    if told is not None:
        events = [*told_of_request(telling, told), *events]
    return MarketChange(
        agreements=(over,),
        changed=1,
        events=tuple(events),
        withdrawn_events=tuple((agreement.id, name, at) for name in NOTICES),
    )


def telling_of(agreement: Agreement, life: Life, given: Given) -> Telling:
    """What events about it are made with."""
    product = given.market.product(agreement.product_id)
    assert product is not None, "an agreement refers to its product"
    seller = given.market.account(product.seller_id)
    assert seller is not None, "a product refers to its seller"
    return Telling(agreement, life, product, seller, given.choices, given.names.uuid)


def described(agreement: Agreement, now: Instant) -> str:
    """Where it stands, as the beginning of a sentence."""
    status = status_of(agreement, now)
    stands = f"Agreement {agreement.id} is {status.value}"
    if status is AgreementStatus.PENDING:
        stands += f" until {format_instant(agreement.starts)}"
    return stands


def _not_possible(
    agreement: Agreement, command: Command, commands: Sequence[Command], now: Instant
) -> str:
    stands = described(agreement, now)
    if agreement.ends is None and status_of(agreement, now) is not AgreementStatus.PENDING:
        stands += " and has no end"
    allowed = " or ".join(each.value for each in commands)
    can = f"it can be {allowed}" if allowed else "nothing can be done with it"
    return f"{stands}: {can}, so it cannot be {command.value}."

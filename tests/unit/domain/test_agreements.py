"""What can be done with an agreement in each state, and what becomes of it."""

import pytest
from msgspec.structs import replace

from agreed import AGREED, ENDS, LIFE, MORE_SEATS, NO_END, counted, given
from builders import AGREEMENTS, NOW, PRODUCTS, agreement, refusal_of
from waag.domain.agreement_events import NOTICES, START_NAMES, FinalWindow, Renewal
from waag.domain.agreement_names import Names
from waag.domain.agreement_states import (
    AgreementUnknown,
    Command,
    CommandRefused,
    expires,
    possible,
    status_of,
)
from waag.domain.agreement_terms import TermsRefused
from waag.domain.agreements import amend, cancel, expire, reinstate, renew, suspend
from waag.domain.instants import DAY, HOUR, SECOND
from waag.domain.market import AgreementStatus, Life, OfferKind


def standing(status, **named):
    """AGREED in a state."""
    if status is AgreementStatus.PENDING:
        return replace(AGREED, starts=NOW + 1, **named)
    return replace(AGREED, life=replace(LIFE, status=status), **named)


COMMANDS = {
    Command.AMEND: lambda judged: amend("agmt-8", MORE_SEATS, judged),
    Command.RENEW: lambda judged: renew("agmt-8", ENDS + DAY, None, judged),
    Command.CANCEL: lambda judged: cancel("agmt-8", judged),
    Command.SUSPEND: lambda judged: suspend("agmt-8", judged),
    Command.REINSTATE: lambda judged: reinstate("agmt-8", judged),
}
ALLOWED = {
    ("pending", Command.CANCEL): ["cancelled"],
    ("active", Command.AMEND): ["active"],
    ("active", Command.RENEW): ["active", "renewed"],
    ("active", Command.CANCEL): ["cancelled"],
    ("active", Command.SUSPEND): ["suspended"],
    ("suspended", Command.CANCEL): ["cancelled"],
    ("suspended", Command.REINSTATE): ["active"],
}
CAN = {
    "pending": "it can be cancelled",
    "active": "it can be amended or renewed or cancelled or suspended",
    "suspended": "it can be cancelled or reinstated",
}


@pytest.mark.parametrize(("status", "command"), ALLOWED)
def test_a_command_that_is_possible(status, command):
    """It leads to the documented state, of the successor first where there is one."""
    change = COMMANDS[command](given(standing(AgreementStatus(status))))
    states = [status_of(each, NOW).value for each in change.agreements]
    assert states == ALLOWED[status, command]


@pytest.mark.parametrize("status", AgreementStatus)
@pytest.mark.parametrize("command", Command)
def test_a_command_that_is_not_possible(status, command):
    """The refusal names the state and what would be possible."""
    if (status.value, command) in ALLOWED:
        expected = None
    else:
        stands = status.value
        if status is AgreementStatus.PENDING:
            stands += " until 2026-05-14T10:20:30.000001Z"
        can = CAN.get(status.value, "nothing can be done with it")
        expected = (
            CommandRefused,
            f"Agreement agmt-8 is {stands}: {can}, so it cannot be {command.value}.",
        )
    assert refusal_of(COMMANDS[command], given(standing(status))) == expected


@pytest.mark.parametrize("command", Command)
def test_an_agreement_that_is_not_there(command):
    """Every command says so."""
    assert refusal_of(COMMANDS[command], given()) == (
        AgreementUnknown,
        "There is no agreement 'agmt-8'.",
    )


def test_without_an_end_there_is_nothing_to_renew():
    """The refusal says that it has none."""
    assert refusal_of(COMMANDS[Command.RENEW], given(NO_END)) == (
        CommandRefused,
        "Agreement agmt-8 is active and has no end: it can be amended or cancelled or suspended, "
        "so it cannot be renewed.",
    )


def test_what_is_paid_as_it_is_used_grants_nothing_to_amend():
    """A subscription can be cancelled and suspended, no more."""
    assert possible(AGREEMENTS[0], PRODUCTS[0], NOW) == [Command.CANCEL, Command.SUSPEND]


@pytest.mark.parametrize(
    ("agreed", "now", "status"),
    [
        (agreement(), NOW, "active"),
        (agreement(starts=NOW + 1), NOW, "pending"),
        (agreement(starts=NOW), NOW, "active"),
        (agreement(ends=NOW + 1), NOW, "active"),
        (agreement(ends=NOW), NOW, "expired"),
        (AGREED, ENDS - 1, "active"),
        (AGREED, ENDS, "expired"),
        (standing(AgreementStatus.SUSPENDED), ENDS, "expired"),
        (standing(AgreementStatus.CANCELLED), ENDS, "cancelled"),
        (standing(AgreementStatus.RENEWED), ENDS, "renewed"),
    ],
)
def test_where_an_agreement_stands(agreed, now, status):
    """By what was settled and by the clock, with a life or without."""
    assert status_of(agreed, now).value == status


@pytest.mark.parametrize(
    ("agreed", "expected"),
    [
        (AGREED, ENDS),
        (standing(AgreementStatus.SUSPENDED), ENDS),
        (standing(AgreementStatus.CANCELLED), None),
        (NO_END, None),
        (agreement(ends=ENDS), None),
    ],
)
def test_when_the_clock_has_to_end_it(agreed, expected):
    """As long as it lives; one that a market file put there is left alone."""
    assert expires(agreed) == expected


def test_amending_a_contract():
    """It grants something else, and stays as it is otherwise."""
    change = amend("agmt-8", MORE_SEATS, given(AGREED))
    assert change.agreements == (replace(AGREED, entitlements=MORE_SEATS),)


def test_amending_to_what_the_product_does_not_grant():
    """Is refused as when subscribing."""
    assert refusal_of(amend, "agmt-8", (), given(AGREED)) == (
        TermsRefused,
        "An agreement to product contract grants something: seats.",
    )


class TestRenewing:
    """An agreement gets a later end."""

    def test_another_takes_its_place(self):
        """It begins where the one before ends, with a license of its own, and names it."""
        successor, before = renew("agmt-8", ENDS + DAY, MORE_SEATS, given(AGREED)).agreements
        assert (before.ends, before.life.status.value) == (NOW, "renewed")
        assert successor == replace(
            AGREED,
            number=9,
            id="agmt-2000000000000000000000000",
            license_arn="arn:aws:license-manager::294406891311:license:l-" + "3".zfill(32),
            starts=NOW,
            ends=ENDS + DAY,
            entitlements=MORE_SEATS,
            life=Life(
                AgreementStatus.ACTIVE,
                OfferKind.PUBLIC,
                "offer-1000000000000",
                NOW,
                ENDS + DAY + 31 * SECOND + HOUR,
                "agmt-8",
            ),
        )

    def test_or_it_goes_on(self):
        """With its license; the choice decides."""
        judged = given(AGREED, renewal=Renewal.SAME_AGREEMENT)
        assert renew("agmt-8", ENDS + DAY, None, judged).agreements == (
            replace(
                AGREED,
                ends=ENDS + DAY,
                life=replace(LIFE, closes=ENDS + DAY + 31 * SECOND + HOUR),
            ),
        )

    def test_the_end_has_to_be_later(self):
        """Not the one it has."""
        assert refusal_of(renew, "agmt-8", ENDS, None, given(AGREED)) == (
            TermsRefused,
            "An agreement cannot end at 2026-06-13T10:20:30Z: its end comes after "
            "2026-06-13T10:20:30Z and before the year 9999.",
        )


@pytest.mark.parametrize(
    ("window", "closes"),
    [(FinalWindow.DEPROVISIONED, NOW + 31 * SECOND + HOUR), (FinalWindow.ENDED, NOW + HOUR)],
)
class TestFinalWindow:
    """How long final records are taken after an agreement was cancelled."""

    def test_it_closes(self, window, closes):
        """An hour after what opens it."""
        [ended] = cancel("agmt-8", given(AGREED, final_window=window)).agreements
        assert (ended.ends, ended.life.closes) == (NOW, closes)

    @pytest.mark.parametrize(("after", "takes"), [(-1, True), (0, False)])
    def test_usage_is_taken_until_then(self, window, closes, after, takes):
        """And not at that very instant."""
        [ended] = cancel("agmt-8", given(AGREED, final_window=window)).agreements
        assert ended.takes_usage(closes + after) is takes


def test_a_suspended_agreement_takes_no_usage():
    """Though its time has not come."""
    [suspended] = suspend("agmt-8", given(AGREED)).agreements
    assert not suspended.takes_usage(NOW)


def test_a_reinstated_agreement_takes_usage():
    """As if nothing had been."""
    judged = given(standing(AgreementStatus.SUSPENDED))
    assert reinstate("agmt-8", judged).agreements == (AGREED,)


class TestExpiring:
    """The clock ends agreements."""

    def test_each_at_its_own_instant(self):
        """However late it is noticed."""
        other = replace(AGREED, number=9, id="agmt-9", license_arn="arn:l-9", ends=ENDS + DAY)
        judged = given(AGREED, other, now=ENDS + 9 * DAY)
        ended = expire(["agmt-8", "agmt-9"], judged).agreements
        assert [(each.id, each.ends, each.life.status.value) for each in ended] == [
            ("agmt-8", ENDS, "expired"),
            ("agmt-9", ENDS + DAY, "expired"),
        ]

    @pytest.mark.parametrize(
        "agreed",
        [
            AGREED,
            standing(AgreementStatus.CANCELLED, ends=NOW - 1),
            NO_END,
            agreement(number=8, id="agmt-8", ends=NOW - 1, customer_identifier="cust-8"),
        ],
    )
    def test_what_has_not_come_to_its_end_stays(self, agreed):
        """Or has been ended already, or has no end, or is a market file's."""
        change = expire(["agmt-8", "nobody"], given(agreed))
        assert (change.agreements, change.events, change.changed) == ((), (), 0)


def test_an_agreement_from_a_market_file_begins_a_life_with_a_command():
    """It is as if a public offer had been accepted when it began."""
    [suspended] = suspend("agmt-1", given()).agreements
    assert suspended.life == Life(
        AgreementStatus.SUSPENDED,
        OfferKind.PUBLIC,
        "offer-1000000000000",
        AGREEMENTS[0].starts,
        defined=f'["cust-1",null,{AGREEMENTS[0].starts},null,[]]',
    )


def test_ids_of_events_are_uuids():
    """Of version 4."""
    assert Names(counted()).uuid() == "00000000-0000-4000-8000-000000000001"


class TestCancellingBeforeTheStart:
    """A buyer steps back from an agreement that has not begun."""

    LATER = replace(AGREED, starts=NOW + 60)

    def test_it_never_takes_usage(self):
        """Not even when its start would have been."""
        [cancelled] = cancel("agmt-8", given(self.LATER)).agreements
        assert (cancelled.life.status.value, cancelled.takes_usage(NOW + 60)) == (
            "cancelled",
            False,
        )

    def test_only_its_end_is_told(self):
        """What its start would bring is taken back, and there is no license to withdraw."""
        change = cancel("agmt-8", given(self.LATER))
        assert [each.name for each in change.events] == ["Purchase Agreement Ended - Proposer"]
        assert change.withdrawn_events == tuple(
            ("agmt-8", name, NOW) for name in (*START_NAMES, *NOTICES)
        )


def test_a_later_end_is_told_of_when_it_comes_near():
    """In place of the end before."""
    judged = given(AGREED, renewal=Renewal.SAME_AGREEMENT)
    change = renew("agmt-8", NOW + 100 * DAY, None, judged)
    notices = [(each.name, each.due) for each in change.events if "Ending" in each.name]
    assert notices == [(NOTICES[0], NOW + days * DAY) for days in (10, 40, 70)]
    assert change.withdrawn_events == tuple(("agmt-8", name, NOW) for name in NOTICES)

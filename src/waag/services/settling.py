"""What time brings with it: agreements end, events fall due, the books are kept."""

from collections.abc import Callable

from waag.domain.agreement_events import AgreementChoices
from waag.domain.agreement_names import Names
from waag.domain.agreement_states import Given
from waag.domain.agreements import expire
from waag.domain.instants import Instant
from waag.ports import Clock, Markets, RandomBytes
from waag.ports.agreements import Agenda

EXPIRING_MAX = 500
"""How many agreements end in one transaction: usage waits until it is done."""


class Settling:
    """Settles what is due by what the clock shows; implements the port `Settle`.

    Any thread may; what two settle at once is settled once.

    Args:
        clock: what everything is judged by.
        agenda: knows what is due.
        markets: agreements end there.
        choices: the readings taken where sources on agreements differ.
        random_bytes: for the ids of events.
        bill: keeps the books up to an instant.
        settled: told whenever it is done, so that whoever waits for what is due looks again.
    """

    def __init__(
        self,
        clock: Clock,
        agenda: Agenda,
        markets: Markets,
        *,
        choices: AgreementChoices,
        random_bytes: RandomBytes,
        settled: Callable[[], None],
        bill: Callable[[Instant], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._agenda = agenda
        self._markets = markets
        self._choices = choices
        self._names = Names(random_bytes)
        self._settled = settled
        self._bill = bill

    def __call__(self) -> None:
        """Settle; each agreement ends at its own instant, in the order in which they end.

        Raises:
            StoreUnavailable: the store could not read or write; the rest is settled next time.
        """
        now = self._clock.now()
        while expiring := self._agenda.expiring(now, EXPIRING_MAX):
            self._markets.change(
                lambda market, ids=expiring: expire(
                    ids, Given(market, self._choices, now, self._names)
                )
            )
        self._agenda.fall_due(now)
        self._bill(now)
        self._settled()

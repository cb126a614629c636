"""Whatever is done with agreements, the ledger has the documented state and events, or neither."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from agreed import CONTRACT, MORE_SEATS, SEATS, counted
from builders import ACCOUNTS, BUYER, NOW, refusal_of
from waag.domain.agreement_events import AgreementChoices
from waag.domain.agreements import AgreementQuery, Subscription
from waag.domain.clock import ClockMode
from waag.domain.events import EventQuery
from waag.domain.instants import DAY, SECOND
from waag.domain.market_changes import MarketChange
from waag.services.agreements import AgreementCommands
from waag.services.settling import Settling
from waag.storage.agreements import SqliteAgreements
from waag.storage.database import open_database, open_reader
from waag.storage.kept_clock import KeptClock
from waag.storage.markets import SqliteMarkets
from waag.storage.outbox import SqliteOutbox
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox
from waag.storage.writer import Writer

CREATED, UPDATED = "Purchase Agreement Created - Proposer", "License Updated - Manufacturer"
AMENDED = "Purchase Agreement Amended - Proposer"
ENDED = ["Purchase Agreement Ended - Proposer", "License Deprovisioned - Manufacturer"]
TOLD = {
    "subscribe": [CREATED, UPDATED],
    "amend": [AMENDED, UPDATED],
    "renew": [*ENDED, CREATED, UPDATED],
    "cancel": ENDED,
    "suspend": [],
    "reinstate": [],
}
"""What each command tells of a contract with a license."""

LEADS_TO = {
    ("none", "subscribe"): "active",
    ("active", "amend"): "active",
    ("active", "renew"): "active",
    ("active", "cancel"): "none",
    ("active", "suspend"): "suspended",
    ("suspended", "cancel"): "none",
    ("suspended", "reinstate"): "active",
}


class Lives:
    """Commands over a ledger, the clock frozen; and what the documents say it then holds."""

    def __init__(self, path) -> None:
        self.writer = Writer(open_database(path))
        self.markets = SqliteMarkets(self.writer, SecretBox(b"k" * 32, bytes))
        self.markets.change(lambda _: MarketChange(ACCOUNTS, (CONTRACT,)))
        self.clock = KeptClock(self.writer, lambda: NOW)
        self.clock.set(ClockMode.FROZEN, NOW)
        self.agreements = SqliteAgreements(self.writer, Reader(open_reader(path)))
        self.outbox = SqliteOutbox(self.writer, Reader(open_reader(path)))
        choices, random_bytes = AgreementChoices(), counted()
        self.settle = Settling(
            self.clock,
            self.agreements,
            self.markets,
            choices=choices,
            random_bytes=random_bytes,
            settled=lambda: None,
        )
        self.commands = AgreementCommands(
            self.clock, self.markets, choices, random_bytes, self.settle
        )
        self.id = "agmt-none"
        self.ends = NOW + DAY

    def close(self):
        """Let go of the ledger."""
        for each in (self.agreements, self.outbox, self.writer):
            each.close()

    def do(self, command):
        """Carry out a command about the latest agreement, or a subscription."""
        if command == "subscribe":
            ends = self.clock.now() + DAY
            asked = Subscription("contract", BUYER, ends=ends, entitlements=SEATS)
            agreement = self.commands.subscribe(asked)
            self.id, self.ends = agreement.id, ends
        elif command == "amend":
            self.commands.amend(self.id, MORE_SEATS)
        elif command == "renew":
            agreement = self.commands.renew(self.id, self.ends + DAY, None)
            self.id, self.ends = agreement.id, self.ends + DAY
        else:
            getattr(self.commands, command)(self.id)

    def advance(self, seconds):
        """Advance the clock, and settle."""
        self.clock.advance(seconds * SECOND)
        self.settle()

    def kept(self):
        """Every agreement and every event."""
        now = self.clock.now()
        return (
            self.agreements.agreements(AgreementQuery(None, None, None, now, 0, 1000)),
            self.outbox.events(EventQuery(None, None, None, None, 1000)),
        )


@contextmanager
def lives():
    """A ledger of its own."""
    with tempfile.TemporaryDirectory() as folder:
        opened = Lives(Path(folder) / "ledger.sqlite")
        try:
            yield opened
        finally:
            opened.close()


steps = st.lists(
    st.tuples(st.sampled_from([*TOLD]), st.sampled_from([0, 0, 11, 72, 3600, 90_000])),
    max_size=8,
)


@settings(max_examples=60)
@for_all(steps)
def test_a_refusal_changes_nothing_and_a_command_what_is_documented(history):
    """By the tables above; the clock ends what comes to its end."""
    with lives() as ledger:
        state, told = "none", []
        for command, seconds in history:
            if command == "subscribe" and state != "none":
                continue  # another agreement: this history is of one at a time
            before = ledger.kept()
            refused = refusal_of(ledger.do, command)
            if (state, command) in LEADS_TO:
                assert refused is None
                state = LEADS_TO[state, command]
                told += TOLD[command]
            else:
                assert refused is not None
                assert ledger.kept() == before
            ledger.advance(seconds)
            if state != "none" and ledger.ends <= ledger.clock.now():
                state = "none"
                told += ENDED
            agreements, events = ledger.kept()
            living = [each.life.status.value for each in agreements if each.life]
            assert [each for each in living if each in ("active", "suspended")] == (
                [] if state == "none" else [state]
            )
            assert sorted(each.event.name for each in events) == sorted(told)
            assert [each.status.value for each in events] == [
                "due" if each.event.due <= ledger.clock.now() else "pending" for each in events
            ]

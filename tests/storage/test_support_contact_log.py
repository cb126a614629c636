"""The log of support contacts on a real file, and exports made from it."""

import threading

import pytest
from msgspec.structs import replace

from builders import ACCOUNTS, AGREEMENTS, BUYER, NOW, OTHER_SELLER, PRODUCTS, SELLER
from waag.domain.analytics.choices import AnalyticsChoices
from waag.domain.analytics.contacts import ContactChange, ContactDetails, Operation, Subscription
from waag.domain.analytics.data_sets import Coverage
from waag.domain.analytics.refusals import ContactInvalid, ContactUnknown
from waag.domain.instants import DAY, HOUR
from waag.domain.market_changes import MarketChange
from waag.domain.market_excerpt import MarketExcerpt
from waag.services.clock import RealClock
from waag.services.data_set_contents import CONTACTS_AT_ONCE, Contents
from waag.services.support_contacts import ContactCommands
from waag.storage.analytics.contacts import SqliteSupportContacts
from waag.storage.database import open_reader
from waag.storage.markets import SqliteMarkets
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox

EVA = ContactDetails("Molen Bank", "Eva", "de Wit", "+31 72 000 0000", "eva@molen.example")
ENDED = replace(AGREEMENTS[1], ends=NOW)
MARKET = MarketExcerpt(ACCOUNTS, PRODUCTS, (AGREEMENTS[0], ENDED, *AGREEMENTS[2:]))


class Machine:
    """The machine's own time."""

    now = NOW

    def __call__(self) -> int:
        """What it is."""
        return self.now


@pytest.fixture
def machine():
    """Stands at NOW."""
    return Machine()


@pytest.fixture
def contacts(ledger, writer):
    """The log of a ledger with the default market."""
    change = MarketChange(ACCOUNTS, PRODUCTS, tuple(MARKET.agreements.values()))
    SqliteMarkets(writer, SecretBox(b"k" * 32, bytes)).change(lambda _: change)
    opened = SqliteSupportContacts(writer, Reader(open_reader(ledger)))
    yield opened
    opened.close()


@pytest.fixture
def commands(contacts, machine):
    """What a customer does; GUIDs are counted."""
    count = iter(range(1, 10_000))
    return ContactCommands(
        RealClock(machine), MARKET, contacts, lambda octets: next(count).to_bytes(octets)
    )


def exported(contacts, since, until, seller=SELLER):
    """The given name and operation of every row of an export."""
    contents = Contents(None, None, contacts, AnalyticsChoices())
    told = contents.rows("customer_support_contacts_data", seller, None, Coverage(since, until))
    return [(row[7], row[-1]) for row in told.rows]


def test_a_contact_is_added(commands):
    """To its agreement, as it was told."""
    added = commands.add("agmt-1", EVA)
    assert (added.subscription, added.latest.details, added.latest.operation) == (
        Subscription(
            "agmt-1", "prod-analytics0001", "analytics", BUYER, AGREEMENTS[0].starts, None
        ),
        EVA,
        Operation.CREATE,
    )


def test_what_is_told_of_it_changes(commands, machine):
    """The log keeps what it was before."""
    added = commands.add("agmt-1", EVA)
    machine.now += HOUR
    edited = commands.edit(added.guid, lambda details: replace(details, title="CTO"))
    assert [(each.time, each.operation.value, each.details.title) for each in edited.changes] == [
        (NOW, "CREATE", ""),
        (NOW + HOUR, "UPDATE", "CTO"),
    ]


def test_nothing_is_logged_if_nothing_changes(commands):
    """An export tells of changes alone."""
    added = commands.add("agmt-1", EVA)
    assert commands.edit(added.guid, lambda details: details) == added


def test_a_contact_is_deleted(commands):
    """Nothing is told of the person any more; it is still listed."""
    removed = commands.remove(commands.add("agmt-1", EVA).guid)
    assert (removed.latest.operation, removed.latest.details.given_name) == (Operation.DELETE, "")
    assert commands.contacts(SELLER, None, 0, 10).contacts == [removed]


@pytest.mark.parametrize(
    ("command", "refusal", "why"),
    [
        (lambda it, _: it.add("agmt-none", EVA), ContactInvalid, "There is no agreement"),
        (lambda it, _: it.add("agmt-2", EVA), ContactInvalid, "Agreement agmt-2 ended at 2026-"),
        (lambda it, _: it.add("agmt-1", replace(EVA, email="")), ContactInvalid, "The email is m"),
        (lambda it, gone: it.remove(gone), ContactUnknown, "was deleted at 2026-05-14T10:20:30Z"),
        (lambda it, gone: it.edit(gone, lambda each: each), ContactUnknown, "was deleted at"),
        (lambda it, _: it.remove("tulips"), ContactUnknown, "There is no support contact 'tulips'"),
        (lambda it, _: it.contact("tulips"), ContactUnknown, "There is no support contact"),
    ],
)
def test_what_is_refused(commands, command, refusal, why):
    """With the reason; nothing is logged."""
    gone = commands.remove(commands.add("agmt-1", EVA).guid)
    with pytest.raises(refusal, match=why):
        command(commands, gone.guid)
    assert commands.contacts(None, None, 0, 10).contacts == [gone]


def test_contacts_are_listed(commands):
    """Of a seller's products, of an agreement, of all; page by page."""
    first, second, other = (commands.add(each, EVA) for each in ("agmt-1", "agmt-3", "agmt-6"))
    page = commands.contacts(None, None, 0, 2)
    assert (page.contacts, page.next) == ([first, second], second.number)
    assert commands.contacts(None, None, second.number, 2).contacts == [other]
    assert commands.contacts(OTHER_SELLER, None, 0, 2).contacts == [other]
    assert commands.contacts(None, "agmt-3", 0, 2).contacts == [second]


def test_an_export_tells_a_seller_of_what_happened(commands, contacts, machine):
    """To contacts of their own customers; windows that follow each other tell all, once."""
    commands.add("agmt-6", EVA)
    kept, gone = (commands.add("agmt-1", replace(EVA, given_name=each)) for each in ("A", "B"))
    machine.now += DAY
    commands.edit(kept.guid, lambda details: replace(details, given_name="C"))
    commands.remove(gone.guid)
    assert exported(contacts, NOW, NOW + 1) == [("A", "CREATE"), ("B", "CREATE")]
    assert exported(contacts, NOW + 1, NOW + 2 * DAY) == [("C", "UPDATE"), ("", "DELETE")]
    assert exported(contacts, NOW + 2 * DAY, NOW + 3 * DAY) == []


def test_an_export_of_many_contacts(contacts):
    """Is read step by step; none is lost between two."""
    count = 2 * CONTACTS_AT_ONCE
    for number in range(count):
        details = replace(EVA, given_name=str(number))
        contacts.add(f"guid-{number}", "agmt-1", ContactChange(NOW, Operation.CREATE, details))
    assert exported(contacts, NOW, NOW + DAY) == [
        (str(number), "CREATE") for number in range(count)
    ]


def test_one_of_two_deletions_at_once_is_the_first(commands):
    """However close they come."""
    added = commands.add("agmt-1", EVA)
    outcomes = []

    def remove():
        try:
            commands.remove(added.guid)
            outcomes.append("removed")
        except ContactUnknown:
            outcomes.append("refused")

    threads = [threading.Thread(target=remove) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["refused", "removed"]

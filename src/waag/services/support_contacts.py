"""Support contacts edited: each change is appended to the log that exports are made from."""

from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from waag.domain.analytics.contacts import (
    Contact,
    ContactChange,
    ContactDetails,
    Operation,
    check_details,
)
from waag.domain.analytics.refusals import ContactInvalid, ContactUnknown
from waag.domain.instants import format_instant
from waag.domain.market import Market
from waag.ports import Clock, RandomBytes
from waag.ports.analytics import SupportContacts


class ContactPage(msgspec.Struct, frozen=True):
    """Contacts in the order in which they came, and the number to go on from; None on the last."""

    contacts: Sequence[Contact]
    next: int | None


class ContactCommands:
    """What a customer does with support contacts.

    Args:
        clock: tells when.
        market: whose agreements they belong to.
        contacts: the log.
        random_bytes: for GUIDs.
    """

    def __init__(
        self, clock: Clock, market: Market, contacts: SupportContacts, random_bytes: RandomBytes
    ) -> None:
        self._clock = clock
        self._market = market
        self._contacts = contacts
        self._random_bytes = random_bytes

    def add(self, agreement_id: str, details: ContactDetails) -> Contact:
        """Give an agreement another contact.

        Raises:
            ContactInvalid: no agreement that has any, or not what a contact may hold.
            StoreUnavailable: nothing was kept.
        """
        now = self._clock.now()
        agreement = self._market.agreement(agreement_id)
        if agreement is None:
            raise ContactInvalid(f"There is no agreement {agreement_id!r}.")
        if agreement.ends is not None and agreement.ends <= now:
            raise ContactInvalid(
                f"Agreement {agreement_id} ended at {format_instant(agreement.ends)}; its contacts "
                "went with it."
            )
        check_details(details)
        guid = str(UUID(bytes=self._random_bytes(16), version=4))
        self._contacts.add(guid, agreement_id, ContactChange(now, Operation.CREATE, details))
        return self.contact(guid)

    def edit(self, guid: str, changed: Callable[[ContactDetails], ContactDetails]) -> Contact:
        """Change what is told of a contact; if nothing is different, nothing is logged.

        Raises:
            ContactUnknown: there is no such contact, or not any more.
            ContactInvalid: not what a contact may hold.
            StoreUnavailable: nothing was kept.
        """

        def decide(contact: Contact | None) -> ContactChange | None:
            before = _present(guid, contact).latest.details
            details = changed(before)
            check_details(details)
            if details == before:
                return None
            return ContactChange(self._clock.now(), Operation.UPDATE, details)

        self._contacts.change(guid, decide)
        return self.contact(guid)

    def remove(self, guid: str) -> Contact:
        """Delete a contact.

        Raises:
            ContactUnknown: there is no such contact, or not any more.
            StoreUnavailable: nothing was kept.
        """

        def decide(contact: Contact | None) -> ContactChange:
            _present(guid, contact)
            return ContactChange(self._clock.now(), Operation.DELETE)

        self._contacts.change(guid, decide)
        return self.contact(guid)

    def contact(self, guid: str) -> Contact:
        """One contact, deleted or not.

        Raises:
            ContactUnknown: there was never one.
            StoreUnavailable: the store could not be read.
        """
        found = self._contacts.contact(guid)
        if found is None:
            raise ContactUnknown(f"There is no support contact {guid!r}.")
        return found

    def contacts(
        self, seller_id: str | None, agreement_id: str | None, after: int, limit: int
    ) -> ContactPage:
        """Contacts of a seller's products, of an agreement, deleted ones too.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        # One more than is asked for tells whether there is a next page.
        found = self._contacts.contacts(seller_id, agreement_id, after, limit + 1)
        page = found[:limit]
        return ContactPage(page, page[-1].number if len(found) > limit else None)


def _present(guid: str, contact: Contact | None) -> Contact:
    if contact is None:
        raise ContactUnknown(f"There is no support contact {guid!r}.")
    if contact.latest.operation is Operation.DELETE:
        raise ContactUnknown(
            f"Support contact {guid} was deleted at {format_instant(contact.latest.time)}."
        )
    return contact

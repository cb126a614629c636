"""Support contacts of an agreement: whom its buyer wants the seller's support to contact."""

from collections.abc import Mapping, Sequence

import msgspec

from waag.domain.analytics.contacts import Contact, ContactDetails, Operation
from waag.domain.analytics.refusals import ContactUnknown
from waag.services.support_contacts import ContactCommands

SHOWN_MAX = 48
"""How many contacts an agreement's page shows."""

FIELDS: Mapping[str, str] = {
    "organization": "Organization",
    "given_name": "Given name",
    "surname": "Surname",
    "telephone_number": "Telephone",
    "email": "E-mail",
    "title": "Title (optional)",
    "country_code": "Country, as in NL (optional)",
    "zip_code": "ZIP code, five digits (optional)",
}
"""What a form asks for, and how its fields are called."""

COMMANDS: Mapping[str, str] = {
    "add-contact": "contact-added",
    "edit-contact": "contact-edited",
    "remove-contact": "contact-removed",
}
"""What forms ask for, and what is said once it is done."""


class ContactForms:
    """Forms about support contacts, on their agreement's page.

    Args:
        commands: carried out there.
    """

    def __init__(self, commands: ContactCommands) -> None:
        self._commands = commands

    def shown(self, agreement_id: str) -> Sequence[Contact]:
        """The contacts that an agreement has, in the order in which they came."""
        page = self._commands.contacts(None, agreement_id, 0, SHOWN_MAX)
        return [each for each in page.contacts if each.latest.operation is not Operation.DELETE]

    def carry_out(self, agreement_id: str, form: Mapping[str, str]) -> str:
        """Do what a form of these commands says: what is said of it.

        Raises:
            ContactInvalid, ContactUnknown: not what a contact may hold; no such contact.
        """
        command, guid = form.get("command", ""), form.get("contact", "")
        details = msgspec.convert(
            {name: form.get(name, "").strip() for name in FIELDS}, ContactDetails
        )
        if command == "add-contact":
            self._commands.add(agreement_id, details)
            return COMMANDS[command]
        if self._commands.contact(guid).subscription.agreement_id != agreement_id:
            raise ContactUnknown(f"Agreement {agreement_id} has no support contact {guid!r}.")
        if command == "remove-contact":
            self._commands.remove(guid)
        else:
            self._commands.edit(guid, lambda _: details)
        return COMMANDS[command]

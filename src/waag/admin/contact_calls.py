"""The operator's calls about support contacts: what a customer would tell of them."""

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.openapi import Call
from waag.admin.reading import cursor_reader, optional, read_body, read_limit, to_cursor
from waag.domain.analytics.contacts import Contact, ContactDetails, Operation
from waag.domain.instants import format_instant
from waag.services.support_contacts import ContactCommands

LIMIT_MAX = 1000

_read_cursor = cursor_reader(int)


class ContactBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new contact of an agreement."""

    agreement: str
    organization: str
    given_name: str
    surname: str
    telephone_number: str
    email: str
    title: str = ""
    country_code: str = ""
    zip_code: str = ""


class EditedContactBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is changed; what is left out stays."""

    organization: str | None = None
    given_name: str | None = None
    surname: str | None = None
    telephone_number: str | None = None
    email: str | None = None
    title: str | None = None
    country_code: str | None = None
    zip_code: str | None = None


class ContactAnswer(msgspec.Struct, frozen=True):
    """A contact as it stands; of a deleted one nothing is told of the person."""

    id: str
    agreement: str
    product_code: str
    buyer: str
    created: str
    changed: str
    deleted: bool
    organization: str
    given_name: str
    surname: str
    telephone_number: str
    email: str
    title: str
    country_code: str
    zip_code: str


class ContactsAnswer(msgspec.Struct, frozen=True):
    """One page of contacts; `next_cursor` is null on the last."""

    support_contacts: tuple[ContactAnswer, ...]
    next_cursor: str | None


class ContactCalls:
    """A part of the admin API.

    Args:
        commands: carried out there.
    """

    def __init__(self, commands: ContactCommands) -> None:
        self._commands = commands

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        many, one = "/support-contacts", "/support-contacts/{id}"
        return (
            Call(
                "POST",
                many,
                self.add_contact,
                "A customer tells of a person to be contacted",
                body=ContactBody,
                answer=ContactAnswer,
            ),
            Call(
                "GET",
                many,
                self.contacts,
                "Support contacts, in the order in which they came",
                parameters=("seller", "agreement", "limit", "cursor"),
                answer=ContactsAnswer,
            ),
            Call("GET", one, self.contact, "One support contact", answer=ContactAnswer),
            Call(
                "PUT",
                one,
                self.edit_contact,
                "What is told of it changes",
                body=EditedContactBody,
                answer=ContactAnswer,
            ),
            Call("DELETE", one, self.remove_contact, "It is deleted", answer=ContactAnswer),
        )

    async def add_contact(self, request: Request) -> ContactAnswer:
        """A customer tells of a person to be contacted."""
        body = await read_body(request, ContactBody)
        details = msgspec.convert(body, ContactDetails, from_attributes=True)
        return _to_answer(await run_in_threadpool(self._commands.add, body.agreement, details))

    async def contacts(self, request: Request) -> ContactsAnswer:
        """Support contacts, in the order in which they came."""
        asked = request.query_params
        page = await run_in_threadpool(
            self._commands.contacts,
            asked.get("seller"),
            asked.get("agreement"),
            optional("cursor", asked.get("cursor"), _read_cursor) or 0,
            read_limit(asked.get("limit"), 100, LIMIT_MAX),
        )
        return ContactsAnswer(
            tuple(map(_to_answer, page.contacts)),
            None if page.next is None else to_cursor(page.next),
        )

    async def contact(self, request: Request) -> ContactAnswer:
        """One support contact."""
        return _to_answer(
            await run_in_threadpool(self._commands.contact, request.path_params["id"])
        )

    async def edit_contact(self, request: Request) -> ContactAnswer:
        """What is told of it changes."""
        body = await read_body(request, EditedContactBody)
        given = {
            name: value for name, value in msgspec.structs.asdict(body).items() if value is not None
        }

        def changed(before: ContactDetails) -> ContactDetails:
            return msgspec.structs.replace(before, **given)

        contact = await run_in_threadpool(self._commands.edit, request.path_params["id"], changed)
        return _to_answer(contact)

    async def remove_contact(self, request: Request) -> ContactAnswer:
        """It is deleted."""
        return _to_answer(await run_in_threadpool(self._commands.remove, request.path_params["id"]))


def _to_answer(contact: Contact) -> ContactAnswer:
    subscription, latest = contact.subscription, contact.latest
    return ContactAnswer(
        contact.guid,
        subscription.agreement_id,
        subscription.product_code,
        subscription.buyer_id,
        format_instant(contact.changes[0].time),
        format_instant(latest.time),
        latest.operation is Operation.DELETE,
        *msgspec.structs.astuple(latest.details),
    )

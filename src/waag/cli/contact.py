"""`waag contact`: the people whom customers want sellers' support to contact."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import click

from waag.admin.contact_calls import ContactAnswer, ContactsAnswer
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command

_COLUMNS = {
    "id": "CONTACT",
    "agreement": "AGREEMENT",
    "organization": "ORGANIZATION",
    "given_name": "GIVEN NAME",
    "surname": "SURNAME",
    "telephone_number": "TELEPHONE",
    "email": "EMAIL",
    "changed": "CHANGED",
    "deleted": "DELETED",
}
_NECESSARY = ("organization", "given_name", "surname", "telephone_number", "email")
_MEMBERS = (*_NECESSARY, "title", "country_code", "zip_code")


def _members(necessary: tuple[str, ...]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Options for what is told of a contact."""

    def give(command: Callable[..., None]) -> Callable[..., None]:
        for name in reversed(_MEMBERS):
            option = f"--{name.replace('_', '-')}"
            command = click.option(option, name, required=name in necessary)(command)
        return command

    return give


@click.group()
def contact() -> None:
    """Do with support contacts what a customer would do."""


@contact.command()
@click.argument("agreement")
@_members(_NECESSARY)
@operator_command
def add(operator: Operator, agreement: str, **members: str | None) -> None:
    """Have AGREEMENT's customer name a person to be contacted."""
    body = {"agreement": agreement, **_given(members)}
    _show(operator, operator.ask("POST", "/support-contacts", ContactAnswer, body=body))


@contact.command()
@click.argument("contact_id", metavar="CONTACT")
@_members(())
@operator_command
def edit(operator: Operator, contact_id: str, **members: str | None) -> None:
    """Change what is told of a contact; what is not given stays."""
    _show(operator, operator.ask("PUT", _path(contact_id), ContactAnswer, body=_given(members)))


@contact.command()
@click.argument("contact_id", metavar="CONTACT")
@operator_command
def remove(operator: Operator, contact_id: str) -> None:
    """Delete a contact."""
    _show(operator, operator.ask("DELETE", _path(contact_id), ContactAnswer))


@contact.command("list")
@click.option("--seller", help="A seller's account.")
@click.option("--agreement", help="An agreement's id.")
@click.option("--limit", type=int, default=100, show_default=True)
@click.option("--cursor", help="The next_cursor of the page before.")
@operator_command
def list_contacts(operator: Operator, **parameters: Any) -> None:
    """Show support contacts in the order in which they came."""
    answer = operator.ask("GET", "/support-contacts", ContactsAnswer, parameters=parameters)
    if operator.as_json:
        print_json(answer)
        return
    print_table(_COLUMNS, answer["support_contacts"], "No support contacts.")
    if answer["next_cursor"] is not None:
        click.echo(f"There is more: --cursor {answer['next_cursor']}")


def _given(members: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in members.items() if value is not None}


def _path(contact_id: str) -> str:
    return f"/support-contacts/{quote(contact_id, safe='')}"


def _show(operator: Operator, answer: dict[str, Any]) -> None:
    if operator.as_json:
        print_json(answer)
    else:
        print_table(_COLUMNS, [answer], "")

"""`waag agreement` and `waag events`: what buyers agree to, and what AWS would tell of it."""

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import click

from waag.admin.agreement_calls import AgreementAnswer, AgreementsAnswer
from waag.admin.event_calls import EventAnswer, EventsAnswer
from waag.cli.cancellation import cancellation
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command

_AGREEMENT_COLUMNS = {
    "id": "AGREEMENT",
    "status": "STATUS",
    "product_code": "PRODUCT",
    "buyer": "BUYER",
    "starts": "STARTS",
    "ends": "ENDS",
    "customer_identifier": "CUSTOMER IDENTIFIER",
}
_EVENT_COLUMNS = {
    "due": "DUE",
    "status": "STATUS",
    "target": "TARGET",
    "name": "EVENT",
    "agreement": "AGREEMENT",
    "attempts": "ATTEMPTS",
    "id": "ID",
    "last_error": "LAST ERROR",
}
_WHOLE = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")

_entitlements = click.option(
    "--entitlement",
    "entitlements",
    multiple=True,
    metavar="DIMENSION=VALUE",
    help="What is granted; repeatable.",
)
_page = (
    click.option("--limit", type=int, default=100, show_default=True),
    click.option("--cursor", help="The next_cursor of the page before."),
)


@click.group()
def agreement() -> None:
    """Do with agreements what a buyer would do."""


@agreement.command()
@click.argument("product")
@click.argument("buyer")
@click.option(
    "--offer",
    type=click.Choice(["public", "private", "free-trial"]),
    default="public",
    show_default=True,
)
@click.option("--starts", help="When it begins, if that is later than now.")
@click.option("--ends", help="When it ends, such as 2027-01-01T00:00:00Z.")
@_entitlements
@click.option("--fails", is_flag=True, help="Have the subscription fail, as a payment may.")
@operator_command
def subscribe(  # noqa: PLR0917 - one parameter for each option
    operator: Operator,
    product: str,
    buyer: str,
    offer: str,
    starts: str | None,
    ends: str | None,
    entitlements: tuple[str, ...],
    fails: bool,  # noqa: FBT001 - as above
) -> None:
    """Have account BUYER accept an offer of PRODUCT, a code or id."""
    body = {
        "product": product,
        "buyer": buyer,
        "offer": offer,
        "starts": starts,
        "ends": ends,
        "entitlements": _granted(entitlements),
        "fails": fails,
    }
    _show(operator, operator.ask("POST", "/agreements", AgreementAnswer, body=body))


@agreement.command("list")
@click.option("--product", help="A product's code or id.")
@click.option("--buyer", help="A buyer's account.")
@click.option("--status", help="How they stand, such as active.")
@_page[0]
@_page[1]
@operator_command
def list_agreements(operator: Operator, **parameters: Any) -> None:
    """Show agreements in the order in which they came."""
    answer = operator.ask("GET", "/agreements", AgreementsAnswer, parameters=parameters)
    _show_page(operator, answer, "agreements", _AGREEMENT_COLUMNS, "No agreements.")


@agreement.command()
@click.argument("agreement_id", metavar="AGREEMENT")
@operator_command
def show(operator: Operator, agreement_id: str) -> None:
    """Show one agreement."""
    _show(operator, operator.ask("GET", _path(agreement_id), AgreementAnswer))


@agreement.command()
@click.argument("agreement_id", metavar="AGREEMENT")
@_entitlements
@operator_command
def amend(operator: Operator, agreement_id: str, entitlements: tuple[str, ...]) -> None:
    """Have a contract grant exactly these entitlements from now on."""
    _command(operator, agreement_id, "amend", {"entitlements": _granted(entitlements)})


@agreement.command()
@click.argument("agreement_id", metavar="AGREEMENT")
@click.option("--ends", required=True, help="The new end, such as 2028-01-01T00:00:00Z.")
@_entitlements
@operator_command
def renew(operator: Operator, agreement_id: str, ends: str, entitlements: tuple[str, ...]) -> None:
    """Renew until a later end; what is granted stays, unless it is given."""
    granted = _granted(entitlements) if entitlements else None
    _command(operator, agreement_id, "renew", {"ends": ends, "entitlements": granted})


@agreement.command()
@click.argument("agreement_id", metavar="AGREEMENT")
@operator_command
def cancel(operator: Operator, agreement_id: str) -> None:
    """End it now."""
    _command(operator, agreement_id, "cancel")


agreement.add_command(cancellation)


@agreement.command()
@click.argument("agreement_id", metavar="AGREEMENT")
@operator_command
def suspend(operator: Operator, agreement_id: str) -> None:
    """Have it take no usage."""
    _command(operator, agreement_id, "suspend")


@agreement.command()
@click.argument("agreement_id", metavar="AGREEMENT")
@operator_command
def reinstate(operator: Operator, agreement_id: str) -> None:
    """Have a suspended one take usage again."""
    _command(operator, agreement_id, "reinstate")


@click.command()
@click.option("--agreement", help="An agreement's id.")
@click.option("--product", help="A product's code or id.")
@click.option("--status", help="How far they came: pending, due, sent or failed.")
@_page[0]
@_page[1]
@click.option("--resend", metavar="ID", help="Have this one, sent or failed, delivered once more.")
@operator_command
def events(operator: Operator, resend: str | None, **parameters: Any) -> None:
    """Show the events that AWS would send, by when they fall due."""
    if resend is not None:
        event = operator.ask("POST", f"/events/{quote(resend, safe='')}/resend", EventAnswer)
        if operator.as_json:
            print_json(event)
        else:
            print_table(_EVENT_COLUMNS, [event], "")
        return
    answer = operator.ask("GET", "/events", EventsAnswer, parameters=parameters)
    _show_page(operator, answer, "events", _EVENT_COLUMNS, "No events.")


def _granted(entitlements: Sequence[str]) -> dict[str, object]:
    """Values by dimension: numbers and booleans where they look like it, else text."""
    granted: dict[str, object] = {}
    for entitlement in entitlements:
        dimension, equals, value = entitlement.partition("=")
        if not equals or not dimension:
            raise click.BadParameter(
                f"{entitlement!r}: expected DIMENSION=VALUE.", param_hint="--entitlement"
            )
        looks_like_json = _WHOLE.fullmatch(value) or _DECIMAL.fullmatch(value)
        is_boolean = value in ("true", "false")
        granted[dimension] = json.loads(value) if looks_like_json or is_boolean else value
    return granted


def _path(agreement_id: str) -> str:
    return f"/agreements/{quote(agreement_id, safe='')}"


def _command(operator: Operator, agreement_id: str, command: str, body: object = None) -> None:
    path = f"{_path(agreement_id)}/{command}"
    _show(operator, operator.ask("POST", path, AgreementAnswer, body=body))


def _show(operator: Operator, answer: dict[str, Any]) -> None:
    if operator.as_json:
        print_json(answer)
    else:
        print_table(_AGREEMENT_COLUMNS, [answer], "")


def _show_page(
    operator: Operator, answer: dict[str, Any], member: str, columns: dict[str, str], nothing: str
) -> None:
    if operator.as_json:
        print_json(answer)
        return
    print_table(columns, answer[member], nothing)
    if answer["next_cursor"] is not None:
        click.echo(f"There is more: --cursor {answer['next_cursor']}")

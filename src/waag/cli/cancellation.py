"""`waag agreement cancellation`: what a seller asks of a buyer, and what is answered."""

from typing import get_args
from urllib.parse import quote

import click

from waag.admin.agreement_calls import AgreementAnswer
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command
from waag.domain.cancellation_requests import ReasonCode

_COLUMNS = {
    "id": "REQUEST",
    "status": "STATUS",
    "reason_code": "REASON",
    "agreement": "AGREEMENT",
    "agreement_status": "AGREEMENT IS",
    "status_message": "MESSAGE",
}
_reason = click.option("--reason", required=True, help="Why, in a sentence for the other party.")


@click.group()
def cancellation() -> None:
    """Ask a buyer to have an agreement cancelled, and answer for the buyer."""


@cancellation.command()
@click.argument("agreement_id", metavar="AGREEMENT")
@click.option("--reason", required=True, type=click.Choice(get_args(ReasonCode)))
@click.option("--description", default="", help="More than the code says.")
@operator_command
def request(operator: Operator, agreement_id: str, reason: str, description: str) -> None:
    """Ask as the seller; without an answer it is approved after seven days."""
    _command(operator, agreement_id, "", {"reason_code": reason, "description": description})


@cancellation.command()
@click.argument("agreement_id", metavar="AGREEMENT")
@operator_command
def accept(operator: Operator, agreement_id: str) -> None:
    """Agree as the buyer: the agreement ends now."""
    _command(operator, agreement_id, "/accept")


@cancellation.command()
@click.argument("agreement_id", metavar="AGREEMENT")
@_reason
@operator_command
def reject(operator: Operator, agreement_id: str, reason: str) -> None:
    """Refuse as the buyer: the agreement goes on."""
    _command(operator, agreement_id, "/reject", {"reason": reason})


@cancellation.command()
@click.argument("agreement_id", metavar="AGREEMENT")
@_reason
@operator_command
def withdraw(operator: Operator, agreement_id: str, reason: str) -> None:
    """Ask no longer, as the seller."""
    _command(operator, agreement_id, "/withdraw", {"reason": reason})


def _command(operator: Operator, agreement_id: str, command: str, body: object = None) -> None:
    path = f"/agreements/{quote(agreement_id, safe='')}/cancellation-request{command}"
    answer = operator.ask("POST", path, AgreementAnswer, body=body)
    if operator.as_json:
        print_json(answer)
    else:
        about = {"agreement": answer["id"], "agreement_status": answer["status"]}
        print_table(_COLUMNS, [answer["cancellation_request"] | about], "")

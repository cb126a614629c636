"""`waag payment`, `refund`, `credit` and `invoice`: what happened to money, recorded and shown."""

from typing import Any
from urllib.parse import quote

import click

from waag.admin.billing_answers import AdjustmentAnswer, InvoicesAnswer, StandingAnswer
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command

_INVOICE_COLUMNS = {
    "id": "INVOICE",
    "month": "MONTH",
    "issued": "ISSUED",
    "due": "DUE",
    "buyer": "BUYER",
    "seller": "SELLER",
    "billed": "BILLED",
    "open": "OPEN",
    "currency": "CURRENCY",
    "status": "STATUS",
}
_STANDING_COLUMNS = {
    "invoice": "INVOICE",
    "status": "STATUS",
    "open": "OPEN",
    "paid": "PAID",
    "currency": "CURRENCY",
}
_ADJUSTMENT_COLUMNS = {
    "id": "ID",
    "charge": "CHARGE",
    "amount": "AMOUNT",
    "seller_tax": "SELLER TAX",
    "aws_tax": "AWS TAX",
    "total": "TOTAL",
    "currency": "CURRENCY",
}

_amount = click.option("--amount", help="Such as 12.30; all that is left unless it is given.")
_reason = click.option("--reason", default="", help="Why, in your words.")


@click.command()
@click.option("--account", help="The buyer's, seller's or supplier's account.")
@click.option("--month", help="Such as 2026-10.")
@click.option("--status", help="How they stand: open, paid or written-off.")
@click.option("--limit", type=int, default=100, show_default=True)
@click.option("--cursor", help="The next_cursor of the page before.")
@operator_command
def invoices(operator: Operator, **parameters: Any) -> None:
    """Show invoices in order of date."""
    answer = operator.ask("GET", "/invoices", InvoicesAnswer, parameters=parameters)
    if operator.as_json:
        print_json(answer)
        return
    print_table(_INVOICE_COLUMNS, answer["invoices"], "No invoices.")
    if answer["next_cursor"] is not None:
        click.echo(f"There is more: --cursor {answer['next_cursor']}")


@click.group()
def payment() -> None:
    """Record what became of invoices."""


@payment.command()
@click.argument("invoice")
@_amount
@operator_command
def record(operator: Operator, invoice: str, amount: str | None) -> None:
    """Record that INVOICE was paid, or some of it."""
    path = f"/invoices/{quote(invoice, safe='')}/payments"
    answer = operator.ask("POST", path, StandingAnswer, body={"amount": amount})
    _show(operator, answer, _STANDING_COLUMNS)


@payment.command("write-off")
@click.argument("invoice")
@operator_command
def write_off(operator: Operator, invoice: str) -> None:
    """Give INVOICE up."""
    path = f"/invoices/{quote(invoice, safe='')}/write-off"
    _show(operator, operator.ask("POST", path, StandingAnswer), _STANDING_COLUMNS)


@click.command()
@click.argument("charge")
@_amount
@_reason
@operator_command
def refund(operator: Operator, charge: str, amount: str | None, reason: str) -> None:
    """Give back some of CHARGE, with its taxes."""
    _give_back(operator, "/refunds", charge, amount, reason)


@click.command()
@click.argument("charge")
@_amount
@_reason
@operator_command
def credit(operator: Operator, charge: str, amount: str | None, reason: str) -> None:
    """Give back some of CHARGE, without taxes."""
    _give_back(operator, "/credits", charge, amount, reason)


def _give_back(operator: Operator, path: str, charge: str, amount: str | None, reason: str) -> None:
    body = {"charge": charge, "amount": amount, "reason": reason}
    _show(operator, operator.ask("POST", path, AdjustmentAnswer, body=body), _ADJUSTMENT_COLUMNS)


def _show(operator: Operator, answer: dict[str, Any], columns: dict[str, str]) -> None:
    if operator.as_json:
        print_json(answer)
    else:
        print_table(columns, [answer], "")

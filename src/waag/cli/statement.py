"""`waag statement`: a month of one seller or buyer, down to the usage records behind a line."""

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from waag.admin.billing_answers import ExplainedAnswer, StatementAnswer
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command

_LINE_COLUMNS = {
    "charge": "CHARGE",
    "agreement": "AGREEMENT",
    "description": "WHAT",
    "quantity": "QUANTITY",
    "usage_records": "RECORDS",
    "amount": "AMOUNT",
    "tax": "TAX",
}
_PAYOUT_COLUMNS = {
    "paid_at": "PAID OUT",
    "amount": "AMOUNT",
    "currency": "CURRENCY",
    "id": "SETTLEMENT",
    "bank_trace": "BANK TRACE",
}
_ADJUSTMENT_COLUMNS = {
    "at": "AT",
    "kind": "KIND",
    "charge": "CHARGE",
    "total": "TOTAL",
    "currency": "CURRENCY",
    "reason": "REASON",
}
_PAYMENT_COLUMNS = {
    "at": "AT",
    "action": "ACTION",
    "invoice": "INVOICE",
    "amount": "AMOUNT",
    "currency": "CURRENCY",
}
_RECORD_COLUMNS = {
    "timestamp": "TIMESTAMP",
    "region": "REGION",
    "quantity": "QUANTITY",
    "priced": "PRICED",
    "id": "METERING RECORD",
}
_CSV_COLUMNS: Sequence[str] = (
    "invoice",
    "issued",
    "due",
    "status",
    "buyer",
    "seller",
    "transaction_reference",
    "charge",
    "kind",
    "product_code",
    "agreement",
    "dimension",
    "description",
    "starts",
    "ends",
    "quantity",
    "usage_records",
    "amount",
    "tax",
    "currency",
)


@click.command()
@click.option("--account", required=True, help="The seller's or buyer's account.")
@click.option("--month", required=True, help="Such as 2026-10.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a CSV with a row for each line.")
@click.option("--charge", help="Show the usage records behind this charge, and their prices.")
@operator_command
def statement(
    operator: Operator, account: str, month: str, charge: str | None, *, as_csv: bool
) -> None:
    """Show what one seller or buyer sees of a month."""
    if as_csv and operator.as_json:
        raise click.UsageError("--csv and --json exclude each other.")
    asked = {"account": account, "month": month}
    answer = operator.ask("GET", "/statement", StatementAnswer, parameters=asked)
    if charge is not None:
        _explain(operator, answer, charge)
    elif as_csv:
        _print_csv(answer)
    elif operator.as_json:
        print_json(answer)
    else:
        _print(answer)


def _lines(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each line with what of its invoice belongs to it."""
    for invoice in answer["invoices"]:
        for line in invoice["lines"]:
            taxes = ", ".join(f"{each['jurisdiction']} {each['amount']}" for each in line["taxes"])
            yield {**invoice, **line, "invoice": invoice["id"], "tax": taxes}


def _print_csv(answer: Mapping[str, Any]) -> None:
    writer = csv.DictWriter(sys.stdout, _CSV_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_lines(answer))


def _print(answer: Mapping[str, Any]) -> None:
    state = "closed" if answer["closed"] else "open, with what was billed until now"
    click.echo(f"{answer['account']} in {answer['month']}, which is {state}.")
    lines = list(_lines(answer))
    for invoice in answer["invoices"]:
        click.echo(
            f"\nInvoice {invoice['id']} of {invoice['issued']}: {invoice['buyer']} owes "
            f"{invoice['seller']} {invoice['billed']} {invoice['currency']} by {invoice['due']}; "
            f"{invoice['status']}, {invoice['open']} open."
        )
        mine = [line for line in lines if line["invoice"] == invoice["id"]]
        print_table(_LINE_COLUMNS, mine, "No lines.")
        for item in invoice["items"]:
            click.echo(
                f"{item['transaction_reference']}: revenue {item['revenue']}, listing fee "
                f"{item['listing_fee']} ({item['listing_fee_rate']}), cost {item['cost']}, tax "
                f"of the seller {item['seller_tax']}, of AWS {item['aws_tax']}."
            )
    if not answer["invoices"]:
        click.echo("Nothing was billed.")
    for member, columns in (
        ("adjustments", _ADJUSTMENT_COLUMNS),
        ("payments", _PAYMENT_COLUMNS),
        ("payouts", _PAYOUT_COLUMNS),
    ):
        if answer[member]:
            click.echo()
            print_table(columns, answer[member], "")


def _explain(operator: Operator, answer: Mapping[str, Any], charge: str) -> None:
    """All usage records behind one of the statement's charges."""
    charges = {line["charge"] for line in _lines(answer)}
    if charge not in charges:
        raise click.ClickException(
            f"{charge} is no charge of {answer['account']} in {answer['month']}."
        )
    cursor: str | None = None
    records: list[dict[str, Any]] = []
    while True:
        page = operator.ask(
            "GET",
            f"/charges/{charge}/usage-records",
            ExplainedAnswer,
            parameters={"limit": 1000, "cursor": cursor},
        )
        records += page["usage_records"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    if operator.as_json:
        print_json({"line": page["line"], "usage_records": records})
        return
    rows = [{**each, "priced": "; ".join(map(_step, each["steps"]))} for each in records]
    print_table(_RECORD_COLUMNS, rows, "No usage records are behind this charge.")
    click.echo(f"{page['line']['amount']} {page['line']['currency']}: " + _sum(page["line"]))


def _sum(line: Mapping[str, Any]) -> str:
    return " + ".join(map(_step, line["steps"]))


def _step(step: Mapping[str, str]) -> str:
    return f"{step['quantity']} {step['what']} x {step['price']} = {step['amount']}"

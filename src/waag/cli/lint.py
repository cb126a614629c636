"""`waag lint`: accepted usage that is probably not what was meant."""

import click

from waag.admin.answers import UsageWarningsAnswer
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command

_COLUMNS = {
    "kind": "WARNING",
    "product_code": "PRODUCT",
    "customer_aws_account_id": "CUSTOMER",
    "explained": "WHAT",
    "listed": "METERING RECORDS",
}


@click.command()
@click.option("--product", help="A product's code or id.")
@click.option("--from", "since", help="The oldest timestamp, such as 2026-11-01T00:00:00Z.")
@click.option("--to", "until", help="The first timestamp no longer looked at.")
@click.option("--limit", type=int, default=100, show_default=True)
@click.option("--strict", is_flag=True, help="Exit with 1 if there is a warning.")
@operator_command
def lint(  # noqa: PLR0917 - one parameter for each option
    operator: Operator,
    product: str | None,
    since: str | None,
    until: str | None,
    limit: int,
    strict: bool,  # noqa: FBT001 - an option
) -> None:
    """Warn of accepted usage that AWS would bill and nobody would notice."""
    parameters = {"product": product, "from": since, "to": until, "limit": limit}
    answer = operator.ask("GET", "/usage-warnings", UsageWarningsAnswer, parameters=parameters)
    if operator.as_json:
        print_json(answer)
    else:
        rows = [
            {
                **each,
                "explained": f"{each['what']} {each['why']}",
                "listed": "\n".join(each["records"]),
            }
            for each in answer["usage_warnings"]
        ]
        print_table(_COLUMNS, rows, "Nothing to warn of.")
        if answer["more"]:
            click.echo("There are more: raise --limit, or look at less with --from and --to.")
    if strict and answer["usage_warnings"]:
        click.get_current_context().exit(1)

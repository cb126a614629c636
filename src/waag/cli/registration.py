"""`waag token`: what a buyer's browser would bring to the seller's registration page."""

import click

from waag.admin.answers import TokenAnswer
from waag.cli.display import print_json
from waag.cli.operator import Operator, operator_command


@click.command()
@click.argument("agreement")
@operator_command
def token(operator: Operator, agreement: str) -> None:
    """Print a registration token for AGREEMENT; with --json also until when it is valid."""
    answer = operator.ask(
        "POST", "/registration-tokens", TokenAnswer, body={"agreement": agreement}
    )
    if operator.as_json:
        print_json(answer)
    else:
        click.echo(answer["token"])

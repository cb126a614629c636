"""`waag apply` and `waag credentials`: the market and who signs in it."""

import shlex
from pathlib import Path
from urllib.parse import quote

import click

from waag.admin.answers import AccountCredentialsAnswer, MarketChangeAnswer
from waag.cli.display import print_json, working
from waag.cli.operator import Operator, operator_command


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@operator_command
def apply(operator: Operator, file: Path) -> None:
    """Make a running server match the market in FILE: add and change, never remove usage."""
    with working("applying the market file"):
        answer = operator.ask(
            "PUT",
            "/market",
            MarketChangeAnswer,
            parameters={"name": str(file)},
            text=file.read_bytes(),
        )
    if operator.as_json:
        print_json(answer)
    else:
        click.echo(
            f"{answer['added']} added, {answer['changed']} changed, {answer['unchanged']} as before"
        )


@click.command()
@click.argument("account")
@click.option("--principal", help="A user's name, or ROLE/SESSION; by default the first listed.")
@click.option(
    "--format", "form", type=click.Choice(["env", "json"]), default="env", show_default=True
)
@operator_command
def credentials(operator: Operator, account: str, principal: str | None, form: str) -> None:
    """Print what somebody of ACCOUNT signs with, for `eval` or a program."""
    path = f"/accounts/{quote(account, safe='')}/credentials"
    answer = operator.ask("GET", path, AccountCredentialsAnswer)
    known = answer["credentials"]
    found = [each for each in known if principal in (None, each["principal"])]
    if not found:
        names = ", ".join(each["principal"] for each in known) or "nobody"
        raise click.ClickException(
            f"Account {account} has no principal {principal}; it has {names}."
            if principal
            else f"Nobody signs for account {account}."
        )
    chosen = found[0]
    if operator.as_json or form == "json":
        print_json(chosen)
        return
    click.echo(f"export AWS_ACCESS_KEY_ID={shlex.quote(chosen['access_key_id'])}")
    click.echo(f"export AWS_SECRET_ACCESS_KEY={shlex.quote(chosen['secret_access_key'])}")
    if chosen["session_token"] is None:
        click.echo("unset AWS_SESSION_TOKEN")
    else:
        click.echo(f"export AWS_SESSION_TOKEN={shlex.quote(chosen['session_token'])}")

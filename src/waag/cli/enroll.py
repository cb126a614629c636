"""`waag enroll`: a seller enrolled in data sets, and whether it may be delivered to."""

from typing import Any
from urllib.parse import quote

import click

from waag.admin.enrollment_calls import EnrolledAnswer, FindingsAnswer
from waag.cli.display import print_json, print_table
from waag.cli.operator import Operator, operator_command

_FINDING_COLUMNS = {"permission": "PERMISSION", "found": "FOUND", "why": "WHAT TO DO"}
_SHOWN = {
    "role": ("role", "role"),
    "policy": ("policy", "policy"),
    "external_id": ("external id", ""),
    "bucket": ("bucket", "bucket"),
    "prefix": ("prefix", ""),
    "topic": ("topic", "topic"),
}


@click.command()
@click.argument("seller")
@click.option("--bucket", metavar="NAME", help="Of the bucket that data sets are put into.")
@click.option("--topic", metavar="NAME", help="Of the topic that is told of them.")
@click.option("--role", metavar="NAME", help="Of the role that delivers them.")
@click.option("--prefix", help="Under which the role may put them; unless given, anywhere.")
@click.option("--check", is_flag=True, help="Change nothing; look what is missing.")
@operator_command
def enroll(operator: Operator, seller: str, *, check: bool, **names: str | None) -> None:
    """Enrol the account SELLER in data sets, as the wizard of AWS does.

    Makes the role with its policies, the bucket and the topic in the embedded AWS. Of another AWS
    it prints the commands to run there. Again, it makes what is missing.
    """
    if check:
        if any(names.values()):
            raise click.UsageError("--check takes no names: it looks at what SELLER has enrolled.")
        _check(operator, seller)
        return
    answer = operator.ask("POST", "/enrollments", EnrolledAnswer, body={"seller": seller, **names})
    if operator.as_json:
        print_json(answer)
    elif answer["commands"]:
        click.echo(f"# Run as account {seller}:")
        for command in answer["commands"]:
            click.echo(command)
    else:
        _show(answer)


def _show(answer: dict[str, Any]) -> None:
    enrollment = answer["enrollment"]
    click.echo(f"Account {enrollment['seller']} has enrolled")
    for member, (name, thing) in _SHOWN.items():
        if enrollment[member] is None:
            continue
        stands = f" ({'made' if thing in answer['made'] else 'was there'})" if thing else ""
        click.echo(f"  {name:<12} {enrollment[member]}{stands}")


def _check(operator: Operator, seller: str) -> None:
    path = f"/enrollments/{quote(seller, safe='')}/findings"
    answer = operator.ask("GET", path, FindingsAnswer)
    if operator.as_json:
        print_json(answer)
    else:
        print_table(_FINDING_COLUMNS, answer["findings"], "")
    if any(each["found"] != "ok" for each in answer["findings"]):
        raise click.exceptions.Exit(1)

"""`waag public-key`: what a seller verifies registrations of its containers with."""

from urllib.parse import quote

import click

from waag.admin.public_key_calls import PublicKeysAnswer
from waag.cli.display import print_json
from waag.cli.operator import Operator, operator_command


@click.command(name="public-key")
@click.argument("product_code")
@click.option("--version", type=int, help="Which one; by default the newest.")
@operator_command
def public_key(operator: Operator, product_code: str, version: int | None) -> None:
    """Print a public key of a container product in PEM: RegisterUsage's tokens verify with it."""
    path = f"/products/{quote(product_code, safe='')}/public-keys"
    keys = operator.ask("GET", path, PublicKeysAnswer)["public_keys"]
    wanted = keys[-1]["version"] if version is None else version
    found = [each for each in keys if each["version"] == wanted]
    if not found:
        raise click.ClickException(
            f"Product {product_code} has no public key of version {wanted}; it has versions 1 to "
            f"{keys[-1]['version']}."
        )
    if operator.as_json:
        print_json(found[0])
    else:
        click.echo(found[0]["pem"], nl=False)

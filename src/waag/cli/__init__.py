"""Commands: each talks to a running server over the admin API, or starts one.

Exit codes: 0 done, 1 refused, 2 wrong usage.
"""

from importlib import import_module

import click

from waag import __version__

_MODULES = {
    "serve": "serve",
    "apply": "market",
    "credentials": "market",
    "token": "registration",
    "agreement": "agreement",
    "events": "agreement",
    "enroll": "enroll",
    "attribution": "attribution",
    "usage": "usage",
    "lint": "lint",
    "calls": "usage",
    "clock": "clock",
    "month-end": "month_end",
    "simulate": "simulate",
    "statement": "statement",
    "focus": "focus",
    "invoices": "payment",
    "payment": "payment",
    "refund": "payment",
    "credit": "payment",
    "public-key": "public_key",
    "fault": "fault",
    "data-set": "data_set",
    "contact": "contact",
}
"""Every command, and the module that it stands in under its name."""


class _Commands(click.Group):
    """Loads a command when it is asked for: whoever starts a server does not wait for all others.

    Source: click, lazily loading subcommands.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Every name, in alphabetical order."""
        return sorted(_MODULES)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - likewise
        cmd_name: str,
    ) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in _MODULES:
            return None
        module = import_module(f"{__name__}.{_MODULES[cmd_name]}")
        return getattr(module, cmd_name.replace("-", "_"))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="waag")
def main() -> None:
    """Serve the AWS Marketplace seller APIs on a durable ledger, and operate that server."""

"""Commands: each talks to a running server over the admin API, or starts one.

Exit codes: 0 done, 1 refused, 2 wrong usage.
"""

import click

from waag import __version__
from waag.cli.agreement import agreement, events
from waag.cli.attribution import attribution
from waag.cli.clock import clock
from waag.cli.contact import contact
from waag.cli.data_set import data_set
from waag.cli.enroll import enroll
from waag.cli.fault import fault
from waag.cli.lint import lint
from waag.cli.market import apply, credentials
from waag.cli.month_end import month_end
from waag.cli.payment import credit, invoices, payment, refund
from waag.cli.public_key import public_key
from waag.cli.registration import token
from waag.cli.serve import serve
from waag.cli.statement import statement
from waag.cli.usage import calls, usage


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="waag")
def main() -> None:
    """Serve the AWS Marketplace seller APIs on a durable ledger, and operate that server."""


for command in (
    serve,
    apply,
    credentials,
    token,
    agreement,
    events,
    attribution,
    usage,
    lint,
    calls,
    clock,
    month_end,
    statement,
    invoices,
    payment,
    refund,
    credit,
    public_key,
    fault,
    enroll,
    data_set,
    contact,
):
    main.add_command(command)

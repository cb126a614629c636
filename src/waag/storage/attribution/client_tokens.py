"""Client tokens on SQLite: what they stand for, kept in the transaction of what it tells."""

from collections.abc import Callable
from typing import Any

import apsw

from waag.domain.attribution.client_tokens import KeptReply, TokenUse, UsedToken
from waag.domain.instants import Instant
from waag.storage.queries import query
from waag.storage.reader import Reader
from waag.storage.writer import Writer


class SqliteClientTokens:
    """Implements the port `ClientTokens`.

    Args:
        reader: of the ledger.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def used(self, use: TokenUse, expired: Instant) -> UsedToken | None:
        """See `waag.ports.attribution.ClientTokens.used`."""
        rows = self._reader.rows("attribution_client_token", {**_key(use), "expired": expired})
        return UsedToken(*rows[0]) if rows else None


def change_once(
    writer: Writer, reply: KeptReply | None, change: Callable[[apsw.Connection], object]
) -> UsedToken | None:
    """Carry out a change and keep its reply, in one transaction.

    Returns:
        What stands under the reply's token already, in which case nothing is changed; else None.

    Raises:
        StoreUnavailable: the store could not write; and whatever `change` raises.
    """

    def carry_out(connection: apsw.Connection) -> UsedToken | None:
        if reply is not None:
            standing = _keep(connection, reply)
            if standing is not None:
                return standing
        change(connection)
        return None

    return writer.change(carry_out)


def _keep(connection: apsw.Connection, reply: KeptReply) -> UsedToken | None:
    """Have a token stand for a reply; answers what it stands for already, if it does."""
    asked = {**_key(reply.use), "expired": reply.expired}
    query(connection, "forget_attribution_client_tokens", {"expired": reply.expired})
    kept = {**asked, "digest": reply.use.digest, "reply": reply.reply, "used": reply.used}
    if query(connection, "put_attribution_client_token", kept):
        return None
    return UsedToken(*query(connection, "attribution_client_token", asked)[0])


def _key(use: TokenUse) -> dict[str, Any]:
    return {
        "account": use.scope.account_id,
        "catalog": use.scope.catalog.value,
        "operation": use.operation,
        "token": use.token,
    }

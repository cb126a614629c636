"""What workloads report, kept by the one writer: each call a transaction of its own."""

from collections.abc import Callable

import apsw
from msgspec.structs import astuple

from waag.domain.instants import Instant
from waag.domain.market import Product
from waag.domain.metering import Standing, UsageRow
from waag.domain.workload_usage import TokenUse, UsedToken, judge_hour, judge_token
from waag.domain.workloads import Workload
from waag.storage.queries import query
from waag.storage.writer import Writer


class SqliteWorkloads:
    """Implements the port `Workloads`.

    Args:
        writer: who owns the connection.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def record(
        self,
        workload: Workload,
        product: Product,
        token: TokenUse | None,
        decide: Callable[[bool], UsageRow],
    ) -> bytes:
        """Keep usage unless it is there already; see `waag.ports.Workloads.record`."""

        def carry_out(connection: apsw.Connection) -> bytes:
            row = decide(_is_known(connection, workload, product))
            used = None if token is None else _use(connection, workload, token, row)
            if token is not None and used is not None:
                return judge_token(token, used)
            record_id = _insert(connection, row)
            if token is not None and record_id != row.record_id:
                query(
                    connection,
                    "settle_client_token",
                    (record_id, workload.account_id, workload.region, token.token),
                )
            _put(connection, workload, product, row.received_at)
            return record_id

        return self._writer.change(carry_out)

    def register(
        self, workload: Workload, product: Product, now: Instant, decide: Callable[[bool], None]
    ) -> None:
        """Have a product know a workload; see `waag.ports.Workloads.register`."""

        def carry_out(connection: apsw.Connection) -> None:
            decide(_is_known(connection, workload, product))
            _put(connection, workload, product, now)

        self._writer.change(carry_out)


def _key(workload: Workload, product: Product) -> tuple[int, str, str, str]:
    return (product.number, workload.account_id, workload.region, workload.session)


def _is_known(connection: apsw.Connection, workload: Workload, product: Product) -> bool:
    return bool(query(connection, "workload", _key(workload, product)))


def _put(connection: apsw.Connection, workload: Workload, product: Product, now: Instant) -> None:
    query(connection, "put_workload", (*_key(workload, product), now))


def _use(
    connection: apsw.Connection, workload: Workload, token: TokenUse, row: UsageRow
) -> UsedToken | None:
    """Use a token for a row; answers what it was used for before, if it was."""
    key = (workload.account_id, workload.region, token.token)
    use = (*key, token.digest, row.record_id, row.received_at)
    if query(connection, "use_client_token", use):
        return None
    return UsedToken(*query(connection, "used_client_token", key)[0])


def _insert(connection: apsw.Connection, row: UsageRow) -> bytes:
    """The id of the record that stands under the row's key now: the row's, or one before it."""
    if query(connection, "insert_workload_usage", astuple(row)):
        return row.record_id
    return judge_hour(row, Standing(*query(connection, "standing_usage", row.key)[0]))

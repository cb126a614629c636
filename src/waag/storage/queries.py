"""The statements of queries.sql by name, and the two ways to run them.

The typed face of the SQLite binding, whose own annotations are partial: rows are tuples of
whatever the columns hold.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, Final, TypeAlias, cast

import apsw

Row: TypeAlias = tuple[Any, ...]
"""One row of a result, in the order of the statement's columns."""

_NAMED = re.compile(r"^-- (\w+):.*?\n((?:(?!^-- \w+:).*\n)+)", re.MULTILINE)


def _load() -> dict[str, str]:
    text = files("waag.storage").joinpath("queries.sql").read_text(encoding="utf-8")
    return {name: statement.strip() for name, statement in _NAMED.findall(text)}


QUERIES: Final = _load()


def run(
    connection: apsw.Connection, statements: str, bindings: Sequence[Any] | Mapping[str, Any] = ()
) -> list[Row]:
    """Run statements and fetch all they return.

    Raises:
        apsw.Error: as SQLite reports it.
    """
    return cast("Any", connection).execute(statements, bindings).fetchall()


def query(
    connection: apsw.Connection, name: str, bindings: Sequence[Any] | Mapping[str, Any] = ()
) -> list[Row]:
    """Run a named statement and fetch all it returns.

    Raises:
        apsw.Error: as SQLite reports it.
    """
    return run(connection, QUERIES[name], bindings)


def query_many(connection: apsw.Connection, name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run a named statement once for each row.

    Raises:
        apsw.Error: as SQLite reports it.
    """
    cast("Any", connection).executemany(QUERIES[name], rows)

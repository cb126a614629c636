"""Every statement the store runs, by name out of `statements/`, and the two ways to run them.

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
    """A file a feature; each statement has a name of its own over all of them."""
    found: dict[str, str] = {}
    for file in files("waag.storage").joinpath("statements").iterdir():
        for name, statement in _NAMED.findall(file.read_text(encoding="utf-8")):
            assert name not in found, f"{file.name}: {name} is a statement already"
            found[name] = statement.strip()
    return found


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

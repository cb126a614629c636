"""A data set as it is defined, and how its rows come about."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Final, Protocol, TypeAlias

import msgspec

from waag.analytics.asked import Asked, Fields, Store
from waag.analytics.columns import Column
from waag.domain.analytics.data_sets import DataSet
from waag.domain.billing.history import History
from waag.domain.market import Agreement, Product

USUAL_CURRENCY = "USD"
"""Of rows that have no amounts, or only in it."""


class Terms(Protocol):
    """What prices follow from; `waag.services.books.Books` has it.

    Raises:
        StoreUnavailable: from any call.
    """

    def products(self) -> Mapping[int, History[Product]]:
        """Every product by number."""
        ...

    def agreements(self, numbers: Sequence[int]) -> Mapping[int, History[Agreement]]:
        """Those with these numbers."""
        ...


Gather: TypeAlias = Callable[[Iterator[Fields], Asked, Terms], Iterator[Fields]]
"""Turns what the store answers into rows, where a sum is no integer or a price is asked for."""


def as_answered(answered: Iterator[Fields], _asked: Asked, _terms: Terms) -> Iterator[Fields]:
    """Each answer is a row."""
    return answered


class Definition(msgspec.Struct, frozen=True):
    """A data set.

    Attributes:
        name: of its type, and of its statement; see `statements/`.
        tables: what the statement asks by, in order; see `tables/`.
        gather: from answers to rows.
    """

    name: str
    columns: tuple[Column, ...]
    tables: tuple[str, ...] = ("market",)
    gather: Gather = as_answered

    @property
    def statement(self) -> str:
        """The question whole."""
        return _with_tables(self.tables, _text("statements", self.name))


def build(definition: Definition, asked: Asked, store: Store, terms: Terms) -> DataSet:
    """The data set; its rows are asked for when they are read.

    Raises:
        StoreUnavailable: from the rows.
    """
    answered = store.rows(definition.statement, asked.parameters)
    rows = definition.gather(answered, asked, terms)
    columns = definition.columns
    return DataSet(tuple(each.name for each in columns), (_written(row, columns) for row in rows))


def _written(row: Fields, columns: tuple[Column, ...]) -> Sequence[str]:
    currency = row.get("currency") or USUAL_CURRENCY
    return [each.written(row, currency) for each in columns]


def _with_tables(tables: Sequence[str], question: str) -> str:
    asked_by = ",\n".join(_text("tables", each) for each in tables)
    return f"WITH {asked_by}\n{question}"


_ROOM: Final = files("waag.analytics")


def _text(folder: str, name: str) -> str:
    return _ROOM.joinpath(folder, f"{name}.sql").read_text(encoding="utf-8").strip()

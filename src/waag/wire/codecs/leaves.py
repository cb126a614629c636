"""Rewriting single leaves of a plain value, led by a structure's type.

A format that writes some leaves in its own way (a timestamp as text, a NaN as a string) says how
each is rewritten; this module finds where they lie and makes one function of it. It knows neither
JSON nor CBOR and judges nothing: whether a rewritten value fits its type is for the decoders.
"""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import inspect

from waag.wire.shapes import TIMESTAMP, Shape, marks

Rewrite = Callable[[Any], Any]
"""Takes a leaf that is not null and gives what is to stand in its place."""

LeafRewrites = Callable[[inspect.Type], Rewrite | None]
"""For a type, how leaves of it are rewritten; None if they are not, or it is no leaf."""


def timestamp_format(node: inspect.Type) -> str | None:
    """The format of a timestamp; None for every other type."""
    return marks(node).get(TIMESTAMP)


def rewriting(shape: type[Shape], leaves: LeafRewrites) -> Rewrite | None:
    """One function that rewrites every leaf of `shape` that `leaves` names; None if none is.

    It changes the dictionaries it is given, so they must be the caller's own.
    """
    return _Compilation(leaves).function(inspect.type_info(shape))


class _Compilation:
    """The functions made so far for structures, so that a recursive one ends."""

    def __init__(self, leaves: LeafRewrites) -> None:
        self._leaves = leaves
        self._structures: dict[int, Rewrite] = {}

    def function(self, node: inspect.Type) -> Rewrite | None:
        """The function for values of type `node`; None if nothing in them is rewritten."""
        rewrite = self._leaves(node)
        if rewrite is not None or timestamp_format(node) is not None:
            return rewrite
        if isinstance(node, inspect.StructType):
            return self._structure(node)
        for held in _held(node):
            inner = self.function(held)
            if inner is not None:
                return _around(node, inner)
        return None

    def _structure(self, node: inspect.StructType) -> Rewrite | None:
        if id(node) in self._structures:
            return self._structures[id(node)]
        if not self._reaches_leaf(node, set()):
            return None
        members: list[tuple[str, Rewrite]] = []
        # Known before its members are, for those that lead back to it.
        self._structures[id(node)] = rewrite = _over_members(members)
        for member in node.fields:
            inner = self.function(member.type)
            if inner is not None:
                members.append((member.encode_name, inner))
        return rewrite

    def _reaches_leaf(self, node: inspect.Type, seen: set[int]) -> bool:
        if self._leaves(node) is not None:
            return True
        if timestamp_format(node) is not None or id(node) in seen:
            return False
        seen.add(id(node))
        return any(self._reaches_leaf(held, seen) for held in _held(node))


def _held(node: inspect.Type) -> Iterator[inspect.Type]:
    """The types of what a value of type `node` holds, or may be; keys of maps hold nothing."""
    match node:
        case inspect.StructType():
            yield from (member.type for member in node.fields)
        case inspect.UnionType():
            yield from node.types
        case inspect.ListType():
            yield node.item_type
        case inspect.DictType():
            yield node.value_type
        case inspect.Metadata():
            yield node.type
        case _:
            pass


def _around(node: inspect.Type, inner: Rewrite) -> Rewrite:
    match node:
        case inspect.ListType():
            return _over_items(inner)
        case inspect.DictType():
            return _over_values(inner)
        case _:
            return inner


# A value of another type than expected is handed on as it is: its type will refuse it.


def _over_members(members: list[tuple[str, Rewrite]]) -> Rewrite:
    def rewrite(value: dict[str, Any]) -> Any:
        if type(value) is dict:
            for name, inner in members:
                member = value.get(name)
                if member is not None:
                    value[name] = inner(member)
        return value

    return rewrite


def _over_items(inner: Rewrite) -> Rewrite:
    def rewrite(value: list[Any]) -> Any:
        if type(value) is not list:
            return value
        return [None if item is None else inner(item) for item in value]

    return rewrite


def _over_values(inner: Rewrite) -> Rewrite:
    def rewrite(value: dict[str, Any]) -> Any:
        if type(value) is not dict:
            return value
        return {key: None if item is None else inner(item) for key, item in value.items()}

    return rewrite

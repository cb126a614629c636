"""Lists of keys: prefixes, delimiters, pages. Pure; the store gives what lies between two keys."""

from collections.abc import Callable, Sequence

import msgspec

from waag.domain.objects import StoredObject

ABOVE_ALL = b"\xff"
"""Above every key that begins alike, since UTF-8 has no such byte."""

_FETCHED = 1000

Fetch = Callable[[bytes, bytes, int], Sequence[StoredObject]]
"""At most so many objects between two keys, both left out."""


class Page(msgspec.Struct, frozen=True):
    """A page of a list.

    Attributes:
        prefixes: what keys have in common up to the delimiter.
        last: the key or prefix after which the next page begins; None on the last page.
    """

    objects: Sequence[StoredObject]
    prefixes: Sequence[str]
    last: str | None


def list_page(fetch: Fetch, prefix: str, delimiter: str, after: str, limit: int) -> Page:
    """At most `limit` keys and common prefixes, after one of either.

    Args:
        fetch: see there.
        prefix: what keys have to begin with.
        delimiter: keys that have it after the prefix are listed together; empty for none.
        after: a key, or a common prefix that was listed.
        limit: 0 gives an empty page, and the last.
    """
    objects: list[StoredObject] = []
    prefixes: list[str] = []
    position = max(after.encode(), _just_below(prefix))
    if delimiter and after.startswith(prefix) and after.endswith(delimiter) and after != prefix:
        position = after.encode() + ABOVE_ALL
    end = prefix.encode() + ABOVE_ALL
    last = after
    while limit:
        found = fetch(position, end, _FETCHED)
        if not found:
            break
        for each in found:
            if len(objects) + len(prefixes) == limit:
                return Page(objects, prefixes, last)
            rest = each.key[len(prefix) :]
            head, cut, _ = rest.partition(delimiter) if delimiter else (rest, "", "")
            if cut:
                last = f"{prefix}{head}{delimiter}"
                prefixes.append(last)
                position = last.encode() + ABOVE_ALL
                break
            objects.append(each)
            last = each.key
            position = each.key.encode()
    return Page(objects, prefixes, None)


def _just_below(prefix: str) -> bytes:
    """A key below every key that begins so, and above every other below these."""
    encoded = prefix.encode()
    return encoded[:-1] + bytes([encoded[-1] - 1]) + ABOVE_ALL if encoded else b""

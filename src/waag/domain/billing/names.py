"""Ids in the books: derived from what they name, so that doing something again names it the same.

A close that was killed and is resumed writes what the first would have written, to the byte.
"""

import hashlib

ID_DIGITS = 20
"""Hexadecimal digits of an id: 80 bits, more than enough for any number of things in one ledger."""


def derived(prefix: str, *parts: object) -> str:
    """An id for whatever these parts tell from everything else with the prefix."""
    named = "\x1f".join((prefix, *map(str, parts)))
    return f"{prefix}-{hashlib.sha256(named.encode()).hexdigest()[:ID_DIGITS]}"

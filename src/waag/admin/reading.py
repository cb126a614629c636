"""Requests of the admin API read: bodies and parameters, or why they cannot be.

What is read means nothing here yet.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from waag.admin.refusals import BODY_BYTES_MAX, BadRequest, BodyTooLarge
from waag.domain.instants import Instant, parse_instant
from waag.exchange import OVERSIZED

_LIMIT = re.compile(r"[0-9]{1,5}")

T = TypeVar("T")


async def read_bytes(request: Request) -> bytes:
    """The whole body.

    Raises:
        BodyTooLarge: it was not taken.
    """
    if OVERSIZED in request.scope["extensions"]:
        raise BodyTooLarge(f"A body has at most {BODY_BYTES_MAX} bytes.")
    return await request.body()


async def read_body(request: Request, body_type: type[T]) -> T:
    """The body, from JSON.

    Raises:
        BadRequest: it is not of this type.
    """
    try:
        return msgspec.json.decode(await read_bytes(request), type=body_type)
    except ValueError as error:  # bad UTF-8, bad JSON and another shape alike
        raise BadRequest(f"The body is not as expected: {error}.") from error


def optional(name: str, text: str | None, read: Callable[[str, str], T]) -> T | None:
    """What a parameter says, if it is there."""
    return None if text is None else read(name, text)


def read_instant(name: str, text: str) -> Instant:
    """The instant that a parameter or member names.

    Raises:
        BadRequest: it names none.
    """
    try:
        return parse_instant(text)
    except ValueError as error:
        raise BadRequest(
            f"{name} is {text!r}; expected an instant such as 2026-11-21T10:00:00Z."
        ) from error


def read_limit(text: str | None, default: int, limit_max: int) -> int:
    """How much is asked for at most.

    Raises:
        BadRequest: not a number from 1 to `limit_max`.
    """
    if text is None:
        return default
    limit = int(text) if _LIMIT.fullmatch(text) else 0
    if not 1 <= limit <= limit_max:
        raise BadRequest(f"limit is {text!r}; expected a number from 1 to {limit_max}.")
    return limit


def to_cursor(place: object) -> str:
    """A place in a list as text, for `cursor` of a later request; nothing is secret in it."""
    return urlsafe_b64encode(msgspec.json.encode(place)).decode()


def cursor_reader(place_type: Any) -> Callable[[str, str], Any]:
    """What reads such a cursor; see `to_cursor`.

    Args:
        place_type: the place's, closely enough that whatever is read can be looked up. It may be
            an alias of a tuple type, which `type[T]` would not take.
    """

    def read(name: str, text: str) -> Any:
        try:
            return msgspec.json.decode(urlsafe_b64decode(text), type=place_type)
        except ValueError as error:  # bad base64 and bad JSON alike
            raise BadRequest(f"{name} is not a next_cursor of an answer.") from error

    return read

"""Lists page by page: where one goes on, carried by the caller in a sealed token."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.refusals import Problem, RequestInvalid
from waag.domain.refusals import PageTokenInvalid
from waag.ports import PageTokens

Place = TypeVar("Place", bound=msgspec.Struct)

_encode = msgspec.msgpack.Encoder().encode


def page_context(operation: str, scope: Scope, asked: object) -> Mapping[str, bytes]:
    """What all requests for pages of one list have in common.

    Args:
        operation: the one that lists.
        scope: whose list it is.
        asked: filters and order: all of the request but the token and how much is on a page.
    """
    return {
        "operation": operation.encode(),
        "account": scope.account_id.encode(),
        "catalog": scope.catalog.value.encode(),
        "filter or order": msgspec.json.encode(asked, order="deterministic"),
    }


def seal_place(
    page_tokens: PageTokens, place: msgspec.Struct | None, context: Mapping[str, bytes]
) -> str | None:
    """The token for the page after a place; None after the last."""
    return None if place is None else page_tokens.seal(_encode(place), context)


def open_place(
    page_tokens: PageTokens, token: str | None, context: Mapping[str, bytes], kind: type[Place]
) -> Place | None:
    """The place that a page begins after; None for the first page.

    Raises:
        RequestInvalid: not a token of this server, or given for another list.
    """
    if token is None:
        return None
    try:
        return msgspec.msgpack.decode(page_tokens.open(token, context), type=kind)
    except PageTokenInvalid as invalid:
        raise RequestInvalid((Problem("NextToken", invalid.why, "INVALID_VALUE"),)) from invalid

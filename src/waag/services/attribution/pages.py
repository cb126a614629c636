"""Pages of lists in revenue measurement: where one goes on, in a token bound to what was asked."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from waag.domain.attribution.identifiers import Scope
from waag.domain.attribution.refusals import Problem, RequestInvalid
from waag.domain.refusals import PageTokenInvalid
from waag.ports import PageTokens

Place = TypeVar("Place", bound=msgspec.Struct)

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class Pages:
    """The tokens of one request's list.

    Args:
        tokens: seals and opens them.
        operation: whose list it is.
        scope: of the request.
        asked: what all requests for pages of the list have in common, by the names of its members.
    """

    def __init__(
        self, tokens: PageTokens, operation: str, scope: Scope, asked: Mapping[str, object]
    ) -> None:
        self._tokens = tokens
        self._context = {
            "operation": operation.encode(),
            "account": scope.account_id.encode(),
            "Catalog": scope.catalog.value.encode(),
            **{name: _encode(value) for name, value in asked.items()},
        }

    def open(self, token: str | None, kind: type[Place]) -> Place | None:
        """Where the page before ended; None for the first page.

        Raises:
            RequestInvalid: not a token that was given for this list.
        """
        if token is None:
            return None
        try:
            return msgspec.msgpack.decode(self._tokens.open(token, self._context), type=kind)
        except PageTokenInvalid as refused:
            problem = Problem("NextToken", refused.why, "INVALID_VALUE")
            raise RequestInvalid((problem,)) from refused

    def seal(self, end: msgspec.Struct | None) -> str | None:
        """A token to go on with; None if nothing follows."""
        return None if end is None else self._tokens.seal(_encode(end), self._context)

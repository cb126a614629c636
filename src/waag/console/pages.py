"""Pages: what a handler is asked and answers, and how that is rendered.

Templates are in `templates/`, with everything escaped; no page needs a script, and none is allowed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import RedirectResponse, Response

from waag import __version__
from waag.domain.instants import Instant, format_instant, to_datetime
from waag.domain.market import AgreementStatus, DimensionType, OfferKind, ProductType

STOREFRONT = "/storefront"
LANDING = "/landing"
STATIC = f"{STOREFRONT}/static"

_CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": f"{_CONTENT_POLICY}; form-action 'self'",
    "cross-origin-resource-policy": "same-origin",
    # Not no-referrer: with that, browsers say `Origin: null` of the pages' own forms.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_NAMES: Mapping[object, str] = {
    ProductType.SAAS_SUBSCRIPTION: "SaaS subscription",
    ProductType.SAAS_CONTRACT: "SaaS contract",
    ProductType.SAAS_CONTRACT_WITH_CONSUMPTION: "SaaS contract with consumption",
    ProductType.AMI: "AMI",
    ProductType.CONTAINER: "Container",
    DimensionType.ENTITLED: "Bought in advance",
    DimensionType.METERED: "Pay as you go",
    DimensionType.EXTERNALLY_METERED: "Pay as you go",
    OfferKind.PUBLIC: "Public offer",
    OfferKind.PRIVATE: "Private offer",
    OfferKind.FREE_TRIAL: "Free trial",
    AgreementStatus.PENDING: "Pending",
    AgreementStatus.ACTIVE: "Active",
    AgreementStatus.SUSPENDED: "Suspended",
    AgreementStatus.CANCELLED: "Cancelled",
    AgreementStatus.EXPIRED: "Expired",
    AgreementStatus.RENEWED: "Renewed",
    AgreementStatus.FAILED: "Failed",
}


class Asked(msgspec.Struct, frozen=True):
    """What a browser asks.

    Attributes:
        path: what stands in the places of the route.
        form: the fields that were posted; of a GET none.
        host: what the server was asked as.
    """

    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    host: str


class Page(msgspec.Struct, frozen=True):
    """A page to be shown.

    Attributes:
        template: its file's name without the ending.
        posts_elsewhere: whether its form goes to another site.
    """

    template: str
    values: Mapping[str, Any]
    status: int = 200
    posts_elsewhere: bool = False


class SeeOther(msgspec.Struct, frozen=True):
    """Where a browser goes once its form is carried out."""

    path: str


class Handling(msgspec.Struct, frozen=True):
    """A route, and who answers it; that may block.

    Attributes:
        from_elsewhere: whether forms of other sites are taken.
    """

    method: Literal["GET", "POST"]
    path: str
    handle: Callable[[Asked], Page | SeeOther]
    from_elsewhere: bool = False


Answer: TypeAlias = Page | SeeOther


class Pages:
    """Renders pages.

    Args:
        now: what the clock shows; every page says it.
    """

    def __init__(self, now: Callable[[], Instant]) -> None:
        self._now = now
        self._templates = Environment(
            loader=PackageLoader("waag.console"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(named=_NAMES.__getitem__, iso=format_instant, shown=shown)

    def reply(self, answer: Answer) -> Response:
        """An answer over HTTP; nothing of it is to be stored."""
        headers = _HEADERS | {"cache-control": "no-store"}
        if isinstance(answer, SeeOther):
            return RedirectResponse(answer.path, 303, headers)
        if answer.posts_elsewhere:
            # The seller's page may go on to any other site, which form-action would not let it.
            headers["content-security-policy"] = _CONTENT_POLICY
        html = self._templates.get_template(f"{answer.template}.html").render(
            **{**_SHARED, **answer.values}, now=self._now()
        )
        return Response(html, answer.status, headers, "text/html")

    @staticmethod
    def reply_file(content: bytes, media_type: str) -> Response:
        """A file that pages refer to."""
        headers = _HEADERS | {"cache-control": "max-age=3600"}
        return Response(content, 200, headers, media_type)


def path_to(*parts: str) -> str:
    """The path of a page of the storefront."""
    return "/".join((STOREFRONT, *(quote(part, safe="") for part in parts)))


def shown(instant: Instant) -> str:
    """An instant as people write it, to the minute."""
    moment = to_datetime(instant)
    return f"{moment.day} {moment:%B} {moment.year}, {moment:%H:%M} UTC"


_SHARED: Mapping[str, Any] = {
    "buyer": None,
    "landing": LANDING,
    "path_to": path_to,
    "version": __version__,
}
"""What every template knows."""

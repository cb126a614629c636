"""Whose requests are taken: those of a browser that was led here by nobody else.

Nobody logs in here, so that a page of another site could send forms in its visitor's name, or, by a
name of its own that it points at this server, read pages, too. What a program sends by itself is
not held up by this, and need not be: it could as well not have named a site at all.

Source: Fetch, the header Origin; W3C Fetch Metadata, Sec-Fetch-Site.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from waag.console.refusals import CrossSite, NameForeign


def check_name(headers: Mapping[str, str], names: frozenset[str]) -> None:
    """Refuse a name that a stranger may have registered and pointed here.

    Args:
        headers: a request's.
        names: in lower case; taken beside addresses, names without a dot, and those of localhost.

    Raises:
        NameForeign: asked under another name, or none.
    """
    host = headers.get("host", "")
    name = _name(f"//{host}")
    if not name or not (_is_nobodys(name) or name in names):
        raise NameForeign(
            f"This server was asked under the name {host!r}. Its pages are shown under an address, "
            "a name without a dot, localhost, or one given by --storefront-host."
        )


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse a form that did not come from a page of this server.

    Raises:
        CrossSite: another site's page sent it, or nothing says which.
    """
    site = headers.get("sec-fetch-site")
    origin, host = headers.get("origin"), headers.get("host", "")
    if site is not None:
        own, said = site == "same-origin", f"Sec-Fetch-Site is {site}"
    elif origin is not None:
        own, said = origin.partition("://")[2] == host, f"Origin is {origin}, Host is {host}"
    else:
        own, said = False, "neither Sec-Fetch-Site nor Origin is there"
    if not own:
        raise CrossSite(
            f"A form of the storefront is taken only from the storefront's own pages; {said}. "
            f"A program sends `Origin: http://{host}`."
        )


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # brackets around what is no address
        return None


def _is_nobodys(name: str) -> bool:
    """Whether no stranger can register it: an address, one label, or one of localhost's."""
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(".localhost")
    return True

"""Pages asked for, and forms posted, as a browser would without showing them."""

import html
import re
from typing import Any, NamedTuple
from urllib.parse import urlencode

import urllib3

MOLEN, GRACHT = "210000000001", "210000000002"
ANALYTICS = f"/storefront/{GRACHT}/products/prod-polderanalyt1"
VAULT = f"/storefront/{GRACHT}/products/prod-poldervault01"
FORMS = f"/storefront/{MOLEN}/products/prod-dijkforms0001"
CONTRACT = {"offer": "public", "ends": "2027-05-14", "grant-seats": "25"}


class Shown(NamedTuple):
    """A reply, and what a person reads of it."""

    status: int
    headers: Any
    html: str

    @property
    def text(self) -> str:
        """Without tags, with white space drawn together."""
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.html)).split())

    @property
    def hidden(self) -> dict[str, str]:
        """The fields that a form brings along."""
        found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', self.html)
        return {html.unescape(name): html.unescape(value) for name, value in found}


def asked(server, method: str, path: str, body: bytes | None = None, **headers: str) -> Shown:
    """One request with only these headers; no redirect is followed."""
    reply = urllib3.request(
        method, server.endpoint + path, body=body, headers=headers, redirect=False, retries=False
    )
    return Shown(reply.status, reply.headers, reply.data.decode())


def get(server, path: str, **headers: str) -> Shown:
    """A page."""
    return asked(server, "GET", path, **headers)


def post(server, path: str, form: dict[str, str], **headers: str) -> Shown:
    """A form of the server's own pages, posted; a header that is empty is left out."""
    usual = {
        "content-type": "application/x-www-form-urlencoded",
        "origin": server.endpoint,
    }
    sent = {name: value for name, value in (usual | headers).items() if value}
    return asked(server, "POST", path, urlencode(form).encode(), **sent)


def apply(server, market: str) -> None:
    """A market file applied."""
    assert "error" not in (applied := server.ask("PUT", "/market", market.encode())), applied


def subscribed(server, path: str = VAULT, **form: str) -> str:
    """The path of the agreement that a form leads to."""
    reply = post(server, path, (CONTRACT if path == VAULT else {"offer": "public"}) | form)
    assert reply.status == 303, reply.text
    return reply.headers["location"].removesuffix("/set-up").partition("?")[0]

"""Who may open the pages, and whose forms are taken."""

import pytest
from browsing import CONTRACT, GRACHT, VAULT, asked, get, post

from server import live_server
from waag.config import SettingRefused, Settings, read_storefront
from waag.console.forms import BODY_BYTES_MAX

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
SET_UP = f"/storefront/{GRACHT}/agreements/agmt-grachtanalytics01/set-up"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/storefront", 200), ("/storefront/x", 404), ("/landing", 200)],
)
def test_security_headers(standing_server, path, status):
    """No script, no frame, nothing from elsewhere, nothing stored, no referrer for other sites."""
    shown = get(standing_server, path)
    expected = {
        "content-security-policy": f"{POLICY}frame-ancestors 'none'; form-action 'self'",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    assert (shown.status, {name: shown.headers[name] for name in expected}) == (status, expected)


def test_the_page_that_posts_to_the_seller(standing_server):
    """It alone has no form-action: the seller's page may send the browser on to anywhere."""
    policy = get(standing_server, SET_UP).headers["content-security-policy"]
    assert policy == f"{POLICY}frame-ancestors 'none'"


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"origin": ""}, "neither Sec-Fetch-Site nor Origin is there"),
        ({"origin": "http://evil.example"}, "Origin is http://evil.example"),
        ({"origin": "null"}, "Origin is null"),
        ({"sec-fetch-site": "cross-site"}, "Sec-Fetch-Site is cross-site"),
        ({"sec-fetch-site": "same-site"}, "Sec-Fetch-Site is same-site"),
        ({"sec-fetch-site": "none"}, "Sec-Fetch-Site is none"),
    ],
)
@pytest.mark.parametrize("path", [VAULT, f"/storefront/{GRACHT}/agreements/agmt-grachtanalytics01"])
def test_forms_of_other_sites(standing_server, path, headers, said):
    """What another site's page may have sent changes nothing."""
    shown = post(standing_server, path, CONTRACT | {"command": "cancel"}, **headers)
    assert (shown.status, said in shown.text) == (403, True)
    stands = standing_server.ask("GET", f"/agreements?buyer={GRACHT}")["agreements"]
    assert [each["status"] for each in stands] == ["active", "active"]


def test_a_form_whose_origin_a_browser_hides(standing_server):
    """Sec-Fetch-Site, which no page can set, is believed before Origin."""
    headers = {"sec-fetch-site": "same-origin", "origin": "null"}
    assert post(standing_server, VAULT, {"offer": "?"}, **headers).status == 422


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8686", 200),
        ("waag.localhost", 200),
        ("[::1]:8686", 200),
        ("192.0.2.7", 200),
        ("waag:8686", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example:8686", 403),
        ("[::1", 403),
        ("", 403),
    ],
)
def test_names(standing_server, host, status):
    """A name that a stranger can register and point here shows nothing."""
    assert get(standing_server, "/storefront", host=host).status == status


def test_a_name_of_the_operators(tmp_path):
    """--storefront-host gives one, however it is written."""
    settings = Settings(data=tmp_path / "data", storefront_hosts=("Bench.Sluis.example",))
    with live_server(settings) as server:
        assert get(server, "/storefront", host="bench.sluis.example:8686").status == 200


@pytest.mark.parametrize("path", ["/storefront", "/landing", "/landing/x", VAULT])
def test_a_server_without(tmp_path, path):
    """Each page is answered by why there is none, and how there would be."""
    with live_server(Settings(data=tmp_path / "data", storefront=False)) as server:
        shown = get(server, path)
        assert shown.status == 404
        assert "This server was started without a storefront." in shown.text


@pytest.mark.parametrize(
    ("given", "clock", "host", "expected"),
    [
        (None, "settable", "127.0.0.1", True),
        (None, "settable", "localhost", True),
        (None, "settable", "::1", True),
        (None, "settable", "0.0.0.0", False),  # noqa: S104 - that is the case
        (None, "settable", "bench.example", False),
        (None, "real", "127.0.0.1", False),
        (True, "settable", "0.0.0.0", True),  # noqa: S104 - as above
        (False, "settable", "127.0.0.1", False),
        (False, "real", "127.0.0.1", False),
    ],
)
def test_which_servers_have_one(given, clock, host, expected):
    """By default those whose clock can be turned, and that only their own machine reaches."""
    assert read_storefront(given, clock, host) is expected


def test_never_beside_a_real_clock():
    """It is not even to be had."""
    with pytest.raises(SettingRefused, match="asks nobody who they are"):
        read_storefront(given=True, clock="real", host="127.0.0.1")


@pytest.mark.parametrize("path", [VAULT, "/landing"])
@pytest.mark.parametrize(
    ("body", "content_type", "status", "why"),
    [
        (
            b"a=" + b"x" * BODY_BYTES_MAX,
            "application/x-www-form-urlencoded",
            413,
            f"A form has at most {BODY_BYTES_MAX} bytes.",
        ),
        (b"{}", "application/json", 400, "Content-Type is 'application/json'"),
        (b"a=1", "", 400, "Content-Type is ''"),
        (b"a=\xff", "application/x-www-form-urlencoded", 400, "it is in UTF-8"),
        (b"a=%ff", "application/x-www-form-urlencoded", 400, "it is in UTF-8"),
        (b"a&" * 501, "application/x-www-form-urlencoded", 400, "with at most 500 fields"),
    ],
    ids=["size", "JSON", "no type", "bytes", "escaped bytes", "fields"],
)
def test_bodies_that_are_no_forms(  # noqa: PLR0917 - one parameter for each column
    standing_server, path, body, content_type, status, why
):
    """What cannot be read is told, and nothing else is done."""
    shown = asked(
        standing_server,
        "POST",
        path,
        body,
        **{"content-type": content_type, "sec-fetch-site": "same-origin"},
    )
    assert (shown.status, why in shown.text) == (status, True)

"""What is shown where, and what is not there."""

import pytest
import yaml
from browsing import ANALYTICS, FORMS, GRACHT, MOLEN, VAULT, apply, asked, get, subscribed

MARKED = """
accounts:
  - {id: "120000000009", name: "<b>Sluis</b>", kind: seller}
  - {id: "210000000009", name: "Sloot & <i>Zoon</i>", kind: buyer}
products:
  - id: prod-marked0000001
    code: marked
    seller: "120000000009"
    title: <script>alert(1)</script>
    type: saas-contract
    integration: concurrent
    regions: ["<u>"]
    fulfillment_url: 'https://sluis.example/"><script>alert(2)</script>'
    dimensions: [{key: '"><img src=x>', type: Entitled, unit: <s>, price: "1"}]
"""


@pytest.mark.parametrize(
    ("path", "title", "says"),
    [
        ("/storefront", "Who is buying?", "Gracht Health 210000000002 · Boston US"),
        (f"/storefront/{GRACHT}", "Products", "gb-scanned $0.012 per unit (GB)"),
        (ANALYTICS, "Polder Analytics", "Active agmt-grachtanalytics01"),
        (VAULT, "Polder Vault", "seats Bought in advance $120.00 per unit (Users)"),
        (f"/storefront/{GRACHT}/agreements", "Manage subscriptions", "15 March 2026, 00:00 UTC"),
        (
            f"/storefront/{GRACHT}/agreements/agmt-grachtanalytics01",
            "Polder Analytics",
            "Customer identifier grAcht00002",
        ),
        (
            f"/storefront/{MOLEN}/agreements/agmt-molenscanner00001",
            "Polder Scanner AMI",
            "reports its usage itself, by MeterUsage. There is nothing to register for.",
        ),
        (
            f"/storefront/{GRACHT}/agreements/agmt-grachtanalytics01/set-up",
            "Set up your account",
            "Posts to http://127.0.0.1:9099/register .",
        ),
        ("/landing", "Sample landing page", "Nothing was posted now."),
    ],
)
def test_a_page(standing_server, path, title, says):
    """Every page has its title, says what it is for, and that this is a test market."""
    shown = get(standing_server, path)
    assert shown.status == 200
    assert f"<title>{title} · Waag</title>" in shown.html
    assert says in shown.text
    assert "A test market. Nobody is charged, and nobody logs in" in shown.text


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/storefront/", "Nothing is at /storefront/."),
        ("/storefront/a/b", "Nothing is at /storefront/a/b."),
        ("/landing/x", "Nothing is at /landing/x."),
        ("/storefront/static/base.html", "Nothing is at /storefront/static/base.html."),
        ("/storefront/static/%2e%2e/app.py", "Nothing is at /storefront/static/../app.py."),
        ("/storefront/120000000001", "There is no buyer account '120000000001'."),
        ("/storefront/%3Cb%3E", "There is no buyer account '<b>'."),
        ("/storefront?account=1", "There is no buyer account '1'."),
        (f"/storefront/{GRACHT}/products/x%2Fy", f"Nothing is at /storefront/{GRACHT}/products"),
        (f"/storefront/{GRACHT}/products/x%26", "There is no product 'x&'."),
        (
            f"/storefront/{GRACHT}/agreements/agmt-molenvault0000001",
            f"Account {GRACHT} has no agreement 'agmt-molenvault0000001'.",
        ),
        (f"/storefront/{GRACHT}/agreements/%00", f"Account {GRACHT} has no agreement '\\x00'."),
        ("/storefront/1/agreements", "There is no buyer account '1'."),
        ("/storefront/1/products/prod-polderanalyt1", "There is no buyer account '1'."),
        ("/storefront/1/agreements/agmt-1/set-up", "There is no buyer account '1'."),
    ],
)
def test_what_is_not_there(standing_server, path, why):
    """A small page in the same style says what was looked for."""
    shown = get(standing_server, path)
    assert (shown.status, shown.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert f"There is no such page {why}" in shown.text


@pytest.mark.parametrize("path", ["/storefronts", "/landing-page", "/storefrontx/1"])
def test_other_paths_are_no_pages(standing_server, path):
    """What only begins alike is answered in AWS's form, as everywhere."""
    assert get(standing_server, path).headers["content-type"] == "application/x-amz-json-1.1"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", VAULT, {"GET", "HEAD", "POST"}),
        ("POST", "/storefront", {"GET", "HEAD"}),
        ("DELETE", "/landing", {"GET", "HEAD", "POST"}),
        ("POST", "/storefront/static/console.css", {"GET", "HEAD"}),
    ],
)
def test_other_methods(standing_server, method, path, allowed):
    """A page says how it is asked."""
    shown = asked(standing_server, method, path)
    assert (shown.status, set(shown.headers["allow"].split(", "))) == (405, allowed)
    assert "This page is not asked that way" in shown.text


@pytest.mark.parametrize("path", [VAULT, "/storefront/static/console.css"])
def test_head(standing_server, path):
    """HEAD has the head of GET and no body."""
    shown = asked(standing_server, "HEAD", path)
    whole = get(standing_server, path)
    assert (shown.status, shown.html) == (200, "")
    assert shown.headers["content-length"] == str(len(whole.html.encode()))


def test_an_account_by_its_digits(standing_server):
    """The form for buyers that are not listed leads to their products."""
    shown = get(standing_server, f"/storefront?account=+{GRACHT}+")
    assert (shown.status, shown.headers["location"]) == (303, f"/storefront/{GRACHT}")


def test_whatever_the_market_says_is_text(server):
    """Titles, names, units, keys, Regions and addresses are escaped everywhere."""
    apply(server, MARKED)
    product = "/storefront/210000000009/products/prod-marked0000001"
    agreement = subscribed(
        server, product, **{"ends": "2027-05-14", 'grant-"><img src=x>': "<em>much</em>"}
    )
    paths = ["/storefront", "/storefront/210000000009", "/storefront/210000000009/agreements"]
    paths += [product, agreement, f"{agreement}/set-up", "/storefront/<hr>"]
    pages = "".join(get(server, path).html for path in paths)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages
    tags = ("<b>", "<i>", "<script", "<img src=x", "<s>", "<u>", "<em>", "<hr>")
    assert [tag for tag in tags if tag in pages] == []


def test_a_buyer_without_subscriptions(server):
    """To whom nothing was sold, the page says so."""
    apply(server, 'accounts: [{id: "210000000008", name: Plas, kind: buyer}]')
    shown = get(server, "/storefront/210000000008/agreements")
    assert "Plas has no subscriptions. Look at the products." in shown.text


def test_lists_go_on(server):
    """Of more buyers and products than a page lists, the next page has the rest."""
    buyers = [
        {"id": str(300000000000 + number), "name": f"Buyer {number}", "kind": "buyer"}
        for number in range(60)
    ]
    products = [
        {
            "id": f"prod-{number:013}",
            "code": f"code-{number}",
            "seller": "120000000001",
            "title": f"Product {number}",
            "type": "ami",
            "integration": "legacy",
            "regions": ["us-east-1"],
            "dimensions": [
                {"key": f"d{each}", "type": "ExternallyMetered", "unit": "Units", "price": "1"}
                for each in range(5)
            ],
        }
        for number in range(60)
    ]
    apply(server, yaml.safe_dump({"accounts": buyers, "products": products}))
    for path in ("/storefront", "/storefront/300000000000"):
        first = get(server, path)
        following = first.html.partition("?after=")[2].partition('"')[0]
        second = get(server, f"{path}?after={following}")
        assert (first.html.count("<li class=") + second.html.count("<li class=")) in (62, 65)
        assert "?after=" not in second.html
    assert "and 2 more" in get(server, "/storefront/300000000000").text


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30, "%00", ""])
def test_where_no_list_goes_on(standing_server, after):
    """What is no number begins at the beginning."""
    assert "Molen Bank" in get(standing_server, f"/storefront?after={after}").text


def test_a_free_trial_says_so_before(standing_server):
    """The form explains what each offer does."""
    assert "The seller is told by offer-type=free-trial" in get(standing_server, FORMS).text


def test_an_agreement_with_slashes(server):
    """Whatever an id may have, its pages are found."""
    apply(
        server,
        """
agreements:
  - {id: a/set-up/b, product: prod-dijkforms0001, buyer: "210000000001",
     customer_identifier: moLforms01, starts: 2026-01-01T00:00:00Z}
""",
    )
    listed = get(server, f"/storefront/{MOLEN}/agreements").html
    path = f"/storefront/{MOLEN}/agreements/a%2Fset-up%2Fb"
    assert f'href="{path}/set-up"' in listed
    assert get(server, f"{path}/set-up").status == 200
    assert "Customer identifier moLforms01" in get(server, path).text

"""A customer's life in a real browser, which runs no script."""

import pytest

GRACHT, MOLEN = "210000000002", "210000000001"
pytestmark = pytest.mark.browser


def in_storefront(page, waag, buyer, product=None):
    """The storefront opened as a buyer, on a product's page if there is one."""
    page.goto(f"{waag.endpoint}/storefront")
    page.get_by_role("link", name=buyer).click()
    if product is not None:
        page.get_by_role("link", name=product, exact=True).click()


def subscribe(page, **fields):
    """The form for subscribing, filled in and sent."""
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " ")).fill(value)
    page.get_by_role("button", name="Subscribe").click()


def test_from_the_storefront_to_the_sellers_page(waag, polder, page):
    """A buyer subscribes, sets up the account, and the seller's page resolves who it is."""
    in_storefront(page, waag, "Gracht Health", "Polder Vault")
    subscribe(page, seats="25", Ends_on="2027-05-14")
    page.get_by_role("button", name="Set up your account").click()
    assert page.get_by_role("heading").inner_text() == f"Hello, customer {GRACHT}"
    agreement = waag.ask("GET", f"/agreements?buyer={GRACHT}")["agreements"][-1]
    assert (agreement["status"], agreement["entitlements"]) == ("active", {"seats": 25})
    assert polder.resolved == [
        {
            "CustomerAWSAccountId": GRACHT,
            "ProductCode": "5poldervault6concurrent78",
            "LicenseArn": agreement["license_arn"],
            "Metadata": {"AgreementId": agreement["id"]},
        }
    ]


def test_a_paid_offer_posts_the_token_alone(waag, polder, page):
    """No other field comes with it."""
    in_storefront(page, waag, "Gracht Health", "Polder Vault")
    subscribe(page, seats="1")
    page.get_by_role("button", name="Set up your account").click()
    assert [list(form) for form in polder.forms] == [["x-amzn-marketplace-token"]]


def test_a_free_trial(waag, polder, page):
    """The form has the offer's type, too."""
    in_storefront(page, waag, "Gracht Health", "Polder Vault")
    page.get_by_label("Free trial").check()
    subscribe(page, seats="1")
    page.get_by_role("button", name="Set up your account").click()
    assert polder.forms[0]["x-amzn-marketplace-offer-type"] == "free-trial"


def test_setting_up_again(waag, polder, page):
    """Another token stands for the same customer."""
    for _ in range(2):
        in_storefront(page, waag, "Molen Bank")
        page.get_by_role("link", name="Manage subscriptions").click()
        page.get_by_role("link", name="Set up your account").first.click()
        page.get_by_role("button", name="Set up your account").click()
        page.get_by_role("heading", name="Hello").wait_for()
    first, second = polder.forms
    assert first != second
    assert polder.resolved[0] == polder.resolved[1]


def test_the_sample_landing_page(waag, polder, page):
    """A product without a page of its own: Waag's shows the customer."""
    in_storefront(page, waag, "Molen Bank", "Dijk Forms")
    subscribe(page)
    page.get_by_role("button", name="Set up your account").click()
    page.get_by_role("heading", name="Welcome to Dijk Forms").wait_for()
    identifier = waag.ask("GET", f"/agreements?buyer={MOLEN}")["agreements"][-1][
        "customer_identifier"
    ]
    facts = page.locator("dl").first.inner_text().split()
    assert facts == [
        "CustomerIdentifier",
        identifier,
        "CustomerAWSAccountId",
        MOLEN,
        "ProductCode",
        "3dijkforms4requests5saas6",
    ]
    assert polder.forms == []


def test_a_refusal(waag, page):
    """What cannot be subscribed to is said on the page, beside the form."""
    in_storefront(page, waag, "Molen Bank", "Polder Analytics")
    subscribe(page)
    alert = page.get_by_role("alert").inner_text()
    assert "with the legacy integration a customer has one at a time." in alert
    assert page.get_by_role("button", name="Subscribe").is_visible()


def test_the_rest_of_an_agreements_life(waag, page):
    """Upgraded, renewed and cancelled by its buyer."""
    in_storefront(page, waag, "Gracht Health", "Polder Vault")
    subscribe(page, seats="25")
    page.get_by_role("link", name="Polder Vault").click()
    page.get_by_label("seats").fill("40")
    page.get_by_role("button", name="Amend").click()
    assert "grants from now on" in page.get_by_role("status").inner_text()
    page.get_by_role("button", name="Renew").click()
    page.get_by_text("Cancel this subscription").click()
    page.get_by_role("button", name="Cancel subscription").click()
    assert "is cancelled" in page.get_by_role("status").inner_text()
    first, second = waag.ask("GET", f"/agreements?buyer={GRACHT}")["agreements"][-2:]
    assert (first["status"], first["entitlements"]) == ("renewed", {"seats": 40})
    assert (second["status"], second["renews"]) == ("cancelled", first["id"])


def test_a_seller_may_lead_on(waag, polder, page):
    """From the seller's page a browser may be sent to any site; Waag's policies allow it."""
    market = f"""
products:
  - {{id: prod-polderanalyt1, code: 1poldertab2lytics3legacy4, seller: "120000000001",
     fulfillment_url: "{polder.url}/detour", title: Polder Analytics, type: saas-subscription,
     integration: legacy, regions: [us-east-1],
     dimensions: [{{key: users, type: Metered, unit: Users, price: "0.50"}}]}}
"""
    waag.ask("PUT", "/market", market.encode())
    path = f"/storefront/{MOLEN}/agreements/agmt-molenanalytics001/set-up"
    page.goto(waag.endpoint + path)
    page.get_by_role("button", name="Set up your account").click()
    page.get_by_role("heading", name="Welcome").wait_for()
    assert page.url.startswith("http://localhost:")


@pytest.mark.parametrize(
    "path",
    [
        f"/storefront/{MOLEN}/agreements/agmt-molenanalytics001",
        f"/storefront/{GRACHT}/products/prod-polderscanner",
    ],
)
def test_another_sites_form(waag, polder, page, path):
    """A form that another site's page sends here changes nothing."""
    page.goto(f"{polder.url}/trap?{waag.endpoint}{path}")
    page.get_by_role("button").click()
    assert page.get_by_role("heading").inner_text() == "This was not taken"
    agreements = waag.ask("GET", "/agreements")["agreements"]
    assert [each["status"] for each in agreements] == ["active"] * 6


def test_under_a_name(waag, page):
    """Where a browser says nothing of sites, since the address is not loopback's, forms are taken.

    Chromium sends Sec-Fetch-Site to what it trusts alone; Origin tells there.
    """
    page.goto(f"http://testbench:{waag.port}/storefront/{GRACHT}/products/prod-polderscanner")
    with page.expect_request(lambda request: request.method == "POST") as posted:
        subscribe(page)
    assert "sec-fetch-site" not in posted.value.all_headers()
    assert page.get_by_role("status").inner_text() == "You are subscribed."


SIZES = [(1280, "light"), (390, "light"), (390, "dark")]


@pytest.mark.parametrize(
    "context",
    [
        {
            "java_script_enabled": True,
            "viewport": {"width": width, "height": 800},
            "color_scheme": scheme,
        }
        for width, scheme in SIZES
    ],
    ids=[f"{width} {scheme}" for width, scheme in SIZES],
    indirect=True,
)
def test_every_page_fits_and_says_nothing(waag, polder, page):
    """No page is wider than the window, and no console is told of errors or violated policies."""
    own = f"/storefront/{MOLEN}"
    paths = [
        "/storefront",
        own,
        f"{own}/products/prod-poldervault01",
        f"{own}/agreements",
        f"{own}/agreements/agmt-molenvault0000001",
        f"{own}/agreements/agmt-molenvault0000001/set-up",
        "/landing",
    ]
    wide = []
    for path in paths:
        page.goto(waag.endpoint + path)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(path)
    page.goto(f"{waag.endpoint}{own}/agreements/agmt-molenvault0000001/set-up")
    page.get_by_role("button", name="Set up your account").click()
    page.get_by_role("heading", name="Hello").wait_for()
    assert (wide, page.said) == ([], [])
    assert len(polder.resolved) == 1


def test_the_stylesheet_is_allowed(waag, page):
    """The policy lets the pages' own stylesheet and icon in."""
    page.goto(f"{waag.endpoint}/storefront")
    colour = page.locator("body").evaluate("each => getComputedStyle(each).backgroundColor")
    assert colour == "rgb(246, 247, 245)"

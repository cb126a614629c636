"""A buyer is sent on with a token, and a landing page resolves it."""

from urllib.parse import quote

import pytest
from browsing import FORMS, GRACHT, MOLEN, apply, get, post, subscribed

from server import DIJK, live_server
from waag.config import Choices, Settings
from waag.domain.registration import RegistrationChoices, TokenUse

FIELD = "x-amzn-marketplace-token"
ANALYTICS = f"/storefront/{GRACHT}/agreements/agmt-grachtanalytics01"
VAULT = f"/storefront/{MOLEN}/agreements/agmt-molenvault0000001"


def token_of(server, agreement=ANALYTICS):
    """A new token."""
    return get(server, f"{agreement}/set-up").hidden[FIELD]


def land(server, token, **form):
    """The sample landing page, a browser coming from another site."""
    return post(server, "/landing", {FIELD: token} | form, origin="https://aws.amazon.com")


def test_what_is_posted(standing_server):
    """The token alone, to the product's fulfillment URL."""
    shown = get(standing_server, f"{ANALYTICS}/set-up")
    assert list(shown.hidden) == [FIELD]
    assert '<form method="post" action="http://127.0.0.1:9099/register">' in shown.html


def test_what_is_posted_of_a_free_trial(server):
    """The offer's type, too; and the seller resolves the token."""
    hidden = get(server, f"{subscribed(server, FORMS, offer='free-trial')}/set-up").hidden
    assert hidden["x-amzn-marketplace-offer-type"] == "free-trial"
    answer = server.client(DIJK).resolve_customer(RegistrationToken=hidden[FIELD])
    assert answer["CustomerAWSAccountId"] == MOLEN


def test_each_time_another_token(standing_server):
    """Setting up again brings a new one."""
    assert token_of(standing_server) != token_of(standing_server)


@pytest.mark.parametrize(
    ("agreement", "members", "without"),
    [
        (
            ANALYTICS,
            f"CustomerIdentifier grAcht00002 CustomerAWSAccountId {GRACHT} "
            "ProductCode 1poldertab2lytics3legacy4",
            "LicenseArn",
        ),
        (
            VAULT,
            f"CustomerAWSAccountId {MOLEN} ProductCode 5poldervault6concurrent78 "
            "LicenseArn arn:aws:license-manager::294406891311:license:"
            "l-00112233445566778899aabbccddeeff Metadata.AgreementId agmt-molenvault0000001",
            "CustomerIdentifier",
        ),
    ],
)
def test_a_customer_lands(standing_server, agreement, members, without):
    """The page shows what ResolveCustomer answers, and the call that asks it."""
    shown = land(standing_server, token_of(standing_server, agreement))
    assert (shown.status, members in shown.text, without in shown.text) == (200, True, False)
    assert f'endpoint_url="{standing_server.endpoint}"' in shown.text


def test_a_free_trial_lands(standing_server):
    """The page says that one begins."""
    token = token_of(standing_server)
    shown = land(standing_server, token, **{"x-amzn-marketplace-offer-type": "free-trial"})
    assert "who begins a free trial" in shown.text


def test_a_product_of_another_region(server):
    """A token is resolved in a Region that the product is offered in."""
    apply(
        server,
        """
products:
  - {id: prod-dijkforms0001, code: 3dijkforms4requests5saas6, seller: "120000000002",
     title: Dijk Forms, type: saas-subscription, integration: legacy, regions: [eu-west-1],
     dimensions: [{key: forms, type: Metered, unit: Requests, price: "0.01"}]}
""",
    )
    path = f"/storefront/{GRACHT}/agreements/agmt-grachtforms000001"
    shown = land(server, token_of(server, path))
    assert (shown.status, 'region_name="eu-west-1"' in shown.text) == (200, True)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda token: quote(token, safe="") + "%20", "percent-encoded"),
        (lambda token: f'"{token}"', "it stands in quotation marks"),
        (lambda token: f"{FIELD}={token}", f"more than the value of the form's field {FIELD}"),
        (lambda _: "tulips", "'tulips' (6 characters) is no token that this server issued"),
        (lambda _: "t" * 600, "600 characters were sent; a token has 512 at most."),
        (lambda _: "", "No field x-amzn-marketplace-token , or an empty one."),
    ],
    ids=["encoded", "quoted", "field", "none", "long", "empty"],
)
def test_a_bad_token(standing_server, damage, says):
    """The page shows AWS's error and what became of the token."""
    shown = land(standing_server, damage(token_of(standing_server)))
    assert (shown.status, says in shown.text) == (400, True)
    assert "InvalidTokenException : Registration token is invalid" in shown.text


def test_an_expired_token(server):
    """The error is the one of expired tokens, told once."""
    token = token_of(server)
    server.ask("POST", "/clock/advance", {"seconds": 14_400})
    shown = land(server, token)
    assert "ExpiredTokenException : " in shown.text
    assert shown.text.count("it was valid until 2026-05-14T14:20:30Z") == 1


def test_a_token_of_one_use(tmp_path):
    """The page uses it up, as the seller's call would."""
    choices = Choices(registration=RegistrationChoices(token_use=TokenUse.SINGLE))
    with live_server(Settings(data=tmp_path / "data", choices=choices)) as server:
        token = token_of(server)
        assert [land(server, token).status for _ in range(2)] == [200, 400]


def test_markup_in_a_token(standing_server):
    """It is shown as text."""
    shown = land(standing_server, "<script>alert(1)</script>")
    assert (shown.status, "<script" in shown.html) == (400, False)


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("", 200, "Posts to /landing , Waag's sample landing page"),
        ("fulfillment_url: 'javascript:alert(1)',", 409, "has the fulfillment_url 'javascript:"),
        ("fulfillment_url: '//sluis.example',", 409, "has the fulfillment_url '//sluis.example'"),
        ("fulfillment_url: 'http://[',", 409, "has the fulfillment_url 'http://['"),
        ("fulfillment_url: 'https://sluis.example/r',", 200, "Posts to https://sluis.example/r"),
    ],
)
def test_where_is_posted_to(server, url, status, says):
    """To an address that a browser posts to, or, as long as there is none, to the sample page."""
    market = f"""
products:
  - {{id: prod-polderanalyt1, code: 1poldertab2lytics3legacy4, seller: "120000000001", {url}
     title: Polder Analytics, type: saas-subscription, integration: legacy, regions: [us-east-1],
     dimensions: [{{key: users, type: Metered, unit: Users, price: "0.50"}}]}}
"""
    apply(server, market)
    shown = get(server, f"{ANALYTICS}/set-up")
    assert (shown.status, says in shown.text) == (status, True)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("cancel", "is cancelled: an account is set up while it is active."),
        ("suspend", "is suspended: an account is set up while it is active."),
    ],
)
def test_what_is_not_in_force(server, command, why):
    """No account is set up with it."""
    server.ask("POST", f"/agreements/agmt-grachtanalytics01/{command}")
    shown = get(server, f"{ANALYTICS}/set-up")
    assert (shown.status, why in shown.text) == (409, True)


def test_what_a_buyer_runs(standing_server):
    """There is nothing to set up."""
    shown = get(standing_server, f"/storefront/{MOLEN}/agreements/agmt-molenscanner00001/set-up")
    assert (shown.status, "only buyers of SaaS products register" in shown.text) == (409, True)

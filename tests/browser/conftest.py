"""A Chromium, a server in processes of its own, and a seller's site."""

import os
import shutil
from importlib.resources import files

import pytest
from playwright.sync_api import sync_playwright
from seller import seller

from server import waag_process

NOW = "2026-05-14T10:20:30Z"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
OF_ANALYTICS = "fulfillment_url: http://127.0.0.1:9099/register"
OF_FORMS = "    fulfillment_url: http://127.0.0.1:9098/register\n"


# For a module, not a session: as long as it is open, no test of this process can run an event loop.
@pytest.fixture(scope="module")
def chromium():
    """A browser of the system's; without one these tests are skipped, in CI they fail."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        why = f"none of {', '.join(CHROMIUMS)} is installed"
        if os.environ.get("WAAG_REQUIRE_BROWSER"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--host-resolver-rules=MAP testbench 127.0.0.1"],
        )
        yield browser
        browser.close()


@pytest.fixture
def waag(tmp_path):
    """A server with a front of its own; its clock stands still."""
    with waag_process(tmp_path / "data", "--fronts=1") as running:
        running.ask("PUT", "/clock", {"mode": "frozen", "now": NOW})
        yield running


@pytest.fixture
def polder(waag):
    """The site of Polder Software, where its products send their buyers; Dijk Apps has none yet."""
    with seller(waag.client) as site:
        market = files("waag.admin").joinpath("demo_market.yaml").read_text()
        market = market.replace(OF_ANALYTICS, f"fulfillment_url: {site.url}/register")
        waag.ask("PUT", "/market", market.replace(OF_FORMS, "").encode())
        yield site


@pytest.fixture
def context(chromium, request):
    """A window of its own, without JavaScript; a test says otherwise by a parameter."""
    options = {"java_script_enabled": False} | getattr(request, "param", {})
    opened = chromium.new_context(**options)
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context):
    """A page; `said` has what its console was told, violated policies among it."""
    opened = context.new_page()
    opened.said = []
    opened.on("console", lambda message: opened.said.append(message.text))
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    return opened

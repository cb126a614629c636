from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waag.domain.token_damage import repaired

TOKEN = "Wg+/ab+cd/EFGg=="

PERCENT = "it is percent-encoded: the form's field was not decoded, or encoded once more"
TWICE = "below that it is percent-encoded a second time"
BREAKS = "it has line breaks in it or white space around it"
SPACES = (
    "it has spaces where it had '+': the form's body was decoded twice, or the token was put into "
    "a form or URL without being encoded"
)
FORM = "it is more than the value of the form's field x-amzn-marketplace-token"


@pytest.mark.parametrize(
    ("sent", "damages"),
    [
        (TOKEN, []),
        (TOKEN.replace("+", " "), [SPACES]),
        (quote(TOKEN, safe=""), [PERCENT]),
        (TOKEN.replace("+", "%2B"), [PERCENT]),
        (TOKEN.replace("+", "%2b"), [PERCENT]),
        (quote(quote(TOKEN, safe=""), safe=""), [PERCENT, TWICE]),
        (TOKEN.replace("+", "%20"), [PERCENT, SPACES]),
        (f"{TOKEN}\n", [BREAKS]),
        (f" {TOKEN}\t", [BREAKS]),
        (f"{TOKEN[:6]}\r\n{TOKEN[6:]}", [BREAKS]),
        (f"{TOKEN}%0A", [PERCENT, BREAKS]),
        (f'"{TOKEN}"', ["it stands in quotation marks"]),
        (
            TOKEN.replace("+", "-").replace("/", "_"),
            ["it has '-' or '_' where it had '+' or '/': it was put into the alphabet for URLs"],
        ),
        (TOKEN.rstrip("="), ["it lacks '=' at its end"]),
        (f"x-amzn-marketplace-token={TOKEN}", [FORM]),
        (
            f"a=b&x-amzn-marketplace-token={quote(TOKEN, safe='')}&"
            "x-amzn-marketplace-offer-type=free-trial",
            [FORM, PERCENT],
        ),
    ],
)
def test_damage_is_undone_and_told(sent, damages):
    """The token is what it was, and everything that had to be undone is named."""
    before, told = repaired(sent)
    assert (before, list(told)) == (TOKEN, damages)


@given(st.text())
def test_any_text_is_taken(text):
    """Whatever a caller sends, something comes of it: text and no failure."""
    assert isinstance(repaired(text)[0], str)


@pytest.mark.parametrize("text", ["%", "%%", "%2", "%zz", "%ff", "100% sure%"])
def test_a_percent_sign_that_escapes_nothing_stays(text):
    """What is no ASCII character in two hexadecimal digits is left as it is."""
    assert repaired(text)[0].replace("=", "").replace("+", " ") == text

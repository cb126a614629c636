"""Support contacts of an agreement, told of by its buyer in a browser."""

import pytest
from browsing import GRACHT, MOLEN, get, post

AGREEMENT = "agmt-molenvault0000001"
PAGE = f"/storefront/{MOLEN}/agreements/{AGREEMENT}"
EVA = {
    "organization": "Molen Bank",
    "given_name": "Eva",
    "surname": "de Wit",
    "telephone_number": "+31 72 000 0000",
    "email": "eva@molen.example",
    "title": "CTO",
    "country_code": "NL",
    "zip_code": "18110",
}
ADD = {"command": "add-contact"}


def contacts(server, agreement=AGREEMENT):
    """The contacts of an agreement as the operator sees them."""
    return server.ask("GET", f"/support-contacts?agreement={agreement}")["support_contacts"]


def added(server, page=PAGE):
    """The id of a contact that a form added."""
    assert post(server, page, EVA | ADD).headers["location"] == f"{page}?done=contact-added"
    return contacts(server, page.rpartition("/")[2])[-1]["id"]


def test_a_contact_is_added(server):
    """With every field, without white space around it."""
    post(server, PAGE, {name: f" {value} " for name, value in EVA.items()} | ADD)
    (contact,) = contacts(server)
    assert {name: contact[name] for name in EVA} == EVA
    assert "Eva de Wit, Molen Bank" in get(server, PAGE).text


def test_a_contact_is_changed(server):
    """The form has what is known; what it brings takes its place."""
    guid = added(server)
    assert f'id="{guid}-surname" name="surname" value="de Wit"' in get(server, PAGE).html
    sent = post(server, PAGE, EVA | {"command": "edit-contact", "contact": guid, "title": ""})
    assert sent.headers["location"] == f"{PAGE}?done=contact-edited"
    assert [each["title"] for each in contacts(server)] == [""]


def test_a_contact_is_deleted(server):
    """It is not shown any more."""
    guid = added(server)
    sent = post(server, PAGE, {"command": "remove-contact", "contact": guid})
    assert sent.headers["location"] == f"{PAGE}?done=contact-removed"
    assert ([each["deleted"] for each in contacts(server)], guid in get(server, PAGE).html) == (
        [True],
        False,
    )


@pytest.mark.parametrize("command", ["add-contact", "edit-contact"])
def test_what_a_contact_may_not_hold(server, command):
    """The page says why, its form open and as it was filled in; nothing has changed."""
    guid = added(server)
    before = contacts(server)
    refused = EVA | {"command": command, "contact": guid, "surname": "Wit", "email": ""}
    if command == "add-contact":
        del refused["contact"]
    shown = post(server, PAGE, refused)
    assert (shown.status, "The email is missing; a support contact has one." in shown.text) == (
        422,
        True,
    )
    assert (shown.html.count('panel" open>'), 'name="surname" value="Wit"' in shown.html) == (
        1,
        True,
    )
    assert contacts(server) == before


@pytest.mark.parametrize("command", ["edit-contact", "remove-contact"])
def test_another_agreements_contact(server, command):
    """There is none of its id here."""
    guid = added(server)
    elsewhere = f"/storefront/{GRACHT}/agreements/agmt-grachtanalytics01"
    shown = post(server, elsewhere, EVA | {"command": command, "contact": guid})
    assert (shown.status, f"has no support contact '{guid}'" in shown.text) == (404, True)
    assert contacts(server)[0]["deleted"] is False


def test_an_agreement_that_is_over(server):
    """Takes no more contacts."""
    server.ask("POST", f"/agreements/{AGREEMENT}/cancel")
    assert "Add a contact" not in get(server, PAGE).text
    shown = post(server, PAGE, EVA | ADD)
    assert (shown.status, "its contacts went with it." in shown.text) == (422, True)

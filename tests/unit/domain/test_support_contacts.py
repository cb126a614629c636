"""What an export tells of support contacts."""

import re

import pytest
from msgspec.structs import replace

from builders import BUYER, NOW
from waag.domain.analytics.contacts import (
    COLUMNS,
    NOBODY,
    Contact,
    ContactChange,
    ContactDetails,
    Operation,
    Subscription,
    check_details,
    exported_row,
    guid,
    static_rows,
    support_coverage,
)
from waag.domain.analytics.data_sets import Coverage
from waag.domain.analytics.refusals import ContactInvalid, FromDateInvalid
from waag.domain.instants import HOUR, INSTANT_MAX, INSTANT_MIN, MINUTE

EVA = ContactDetails("Molen Bank", "Eva", "de Wit", "+31 72 000 0000", "eva@molen.example")
ANNA = replace(EVA, given_name="Anna", title="CTO", country_code="NL", zip_code="02201")
COVERS = Coverage(NOW, NOW + HOUR)
BEFORE, WITHIN, LATER, AFTER = NOW - 1, NOW, NOW + HOUR - 1, NOW + HOUR


def contact(*changes, ends=None):
    """A contact with these changes: pairs of a time, and details or None for a deletion."""
    operations = (Operation.CREATE, *[Operation.UPDATE] * len(changes))
    log = [
        ContactChange(time, Operation.DELETE if details is None else operation, details or NOBODY)
        for (time, details), operation in zip(changes, operations, strict=False)
    ]
    subscription = Subscription("agmt-1", "prod-1", "code", BUYER, NOW - 2 * HOUR, ends)
    return Contact(1, "guid-1", subscription, log)


def told(*changes, ends=None):
    """The operation, its time and the given name that an export has; None for no row."""
    row = exported_row(contact(*changes, ends=ends), COVERS)
    if row is None:
        return None
    cells = dict(zip(COLUMNS, row, strict=True))
    return cells["Operation Type"], cells["Operation Time"][11:23], cells["Given Name"]


WRITTEN = {WITHIN: "10:20:30.000", LATER: "11:20:29.999"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([(BEFORE, EVA)], None),
        ([(AFTER, EVA)], None),
        ([(WITHIN, EVA)], ("CREATE", WRITTEN[WITHIN], "Eva")),
        ([(LATER, EVA)], ("CREATE", WRITTEN[LATER], "Eva")),
        ([(WITHIN, EVA), (LATER, ANNA)], ("CREATE", WRITTEN[LATER], "Anna")),
        ([(WITHIN, EVA), (AFTER, ANNA)], ("CREATE", WRITTEN[WITHIN], "Eva")),
        ([(BEFORE, EVA), (WITHIN, ANNA)], ("UPDATE", WRITTEN[WITHIN], "Anna")),
        ([(BEFORE, EVA), (WITHIN, ANNA), (LATER, EVA)], ("UPDATE", WRITTEN[LATER], "Eva")),
        ([(BEFORE, EVA), (WITHIN, None)], ("DELETE", WRITTEN[WITHIN], "")),
        ([(BEFORE, EVA), (WITHIN, ANNA), (LATER, None)], ("DELETE", WRITTEN[LATER], "")),
        ([(WITHIN, EVA), (LATER, None)], ("DELETE", WRITTEN[LATER], "")),
        ([(BEFORE, EVA), (BEFORE, None)], None),
        ([(WITHIN, EVA), (AFTER, None)], ("CREATE", WRITTEN[WITHIN], "Eva")),
    ],
)
def test_one_row_tells_the_latest_state(changes, expected):
    """Created within, CREATE though changed since; changed, UPDATE; deleted, DELETE alone."""
    assert told(*changes) == expected


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (BEFORE, None),
        (WITHIN, ("DELETE", WRITTEN[WITHIN], "")),
        (LATER, ("DELETE", WRITTEN[LATER], "")),
        (AFTER, None),
    ],
)
def test_a_subscription_that_ends(ends, expected):
    """Takes its contacts with it."""
    assert told((NOW - HOUR, EVA), ends=ends) == expected


def test_a_row_in_full():
    """Every column of a contact that was created."""
    row = exported_row(contact((WITHIN, ANNA)), COVERS)
    assert row == (
        guid("product", "prod-1"),
        "code",
        "guid-1",
        guid("agreement", "agmt-1"),
        "2026-05-14T08:20:30.000Z",
        "Molen Bank",
        BUYER,
        "Anna",
        "de Wit",
        "+31 72 000 0000",
        "eva@molen.example",
        "CTO",
        "NL",
        "02201",
        "2026-05-14T10:20:30.000Z",
        "CREATE",
    )


def test_a_deletion_in_full():
    """Nothing is told of the person; the account is."""
    row = exported_row(contact((BEFORE, ANNA), (WITHIN, None)), COVERS)
    assert row is not None
    assert [name for name, cell in zip(COLUMNS, row, strict=True) if not cell] == [
        "Organization",
        "Given Name",
        "Surname",
        "Telephone Number",
        "Email",
        "Title",
        "Country Code",
        "ZIP Code",
    ]


def test_the_static_rows():
    """Six, as the guide prints them; each as wide as the header."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in static_rows()]
    assert [(each["Given Name"], each["Operation Type"]) for each in rows] == [
        ("Eugene", "CREATE"),
        ("Angela", "CREATE"),
        ("Ravi", "CREATE"),
        ("", "DELETE"),
        ("Nathan", "CREATE"),
        ("Abdul", "UPDATE"),
    ]


def test_guids():
    """Always the same, in the form of one, another for another kind."""
    made = guid("product", "prod-1")
    form = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert re.fullmatch(form, made)
    assert (guid("product", "prod-1"), guid("agreement", "prod-1") == made) == (made, False)


def test_an_export_ends_a_quarter_of_an_hour_before_its_request():
    """That is what the next one begins with."""
    ends = NOW - 15 * MINUTE
    assert support_coverage("customer_support_contacts_data", ends, NOW) == Coverage(ends, ends)


@pytest.mark.parametrize("from_date", [NOW - 15 * MINUTE + 1, NOW + HOUR, INSTANT_MIN - 1])
def test_an_export_that_would_begin_after_its_end(from_date):
    """The refusal names the end."""
    with pytest.raises(FromDateInvalid, match="before the request, which is 2026-05-14T10:05:30Z"):
        support_coverage("customer_support_contacts_data", from_date, NOW)


@pytest.mark.parametrize("from_date", [NOW + HOUR, INSTANT_MAX, INSTANT_MIN])
def test_the_test_data_set_takes_any_date(from_date):
    """Of the calendar."""
    covers = support_coverage("test_customer_support_contacts_data", from_date, NOW)
    assert covers == Coverage(from_date, NOW - 15 * MINUTE)


@pytest.mark.parametrize(
    ("details", "why"),
    [
        (replace(EVA, email=""), "The email is missing"),
        (replace(EVA, given_name="x" * 101), "The given name has 101 characters; at most 100"),
        (replace(EVA, telephone_number="1" * 26), "The telephone number has 26 characters"),
        (replace(EVA, country_code="nl"), "The country code is 'nl'; expected two capital letters"),
        (replace(EVA, zip_code="1811"), "The zip code is '1811'; expected five digits"),
    ],
)
def test_details_that_no_file_could_hold(details, why):
    """The refusal names the member."""
    with pytest.raises(ContactInvalid, match=why):
        check_details(details)

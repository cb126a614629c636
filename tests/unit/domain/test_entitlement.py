"""Which entitlements are found, in which order, and how pages follow one another."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import BUYER, NOW, OTHER_BUYER, PRODUCTS, at, refusal_of
from entitled import contract
from waag.domain.entitlement import (
    AGREEMENTS_MAX,
    BEFORE_ALL,
    EXPIRES_NEVER,
    EntitlementChoices,
    EntitlementFilters,
    EntitlementPage,
    ExpiredEntitlements,
    check_filters,
    fill_page,
    why_nothing,
)
from waag.domain.market import Entitlement
from waag.domain.refusals import FiltersExclusive

OMITTED = EntitlementChoices()
LISTED = EntitlementChoices(ExpiredEntitlements.LISTED)
ENDED = contract(1, ends=NOW)
LASTING = contract(2, ends=NOW + 1)
BEGINNING = contract(3, starts=NOW)
TO_BEGIN = contract(4, starts=NOW + 1)


def page_of(agreements, *, after=BEFORE_ALL, limit=25, choices=OMITTED, **filters):
    """A page of what agreements grant that the filters, given by name, ask for."""
    asked = {name: frozenset(values) for name, values in filters.items()}
    return fill_page(
        agreements, EntitlementFilters(**asked), choices, NOW, after=after, limit=limit
    )


def shown(page):
    """The agreement's number and the dimension of each entitlement of a page."""
    return [(each.agreement.number, each.entitlement.dimension) for each in page.granted]


@pytest.mark.parametrize(
    ("choices", "numbers"),
    [(OMITTED, [2, 3]), (LISTED, [1, 2, 3])],
    ids=["omitted", "listed"],
)
def test_what_an_agreement_that_has_ended_shows(choices, numbers):
    """Nothing, or by choice what it granted; what has not begun never shows anything."""
    page = page_of([ENDED, LASTING, BEGINNING, TO_BEGIN], choices=choices)
    assert [number for number, _ in shown(page)] == numbers


def test_what_is_left_out_is_counted():
    """The operator is told how many agreements are not in force."""
    page = page_of([ENDED, TO_BEGIN, contract(5, starts=NOW + 9)])
    assert (page.ended, page.not_begun) == (1, 2)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [(1, "seats"), (2, "seats"), (2, "vaults"), (3, "vaults")]),
        ({"dimensions": ["seats"]}, [(1, "seats"), (2, "seats")]),
        (
            {"dimensions": ["seats", "vaults"]},
            [(1, "seats"), (2, "seats"), (2, "vaults"), (3, "vaults")],
        ),
        ({"dimensions": ["Seats"]}, []),
        ({"customer_aws_account_ids": [OTHER_BUYER]}, [(3, "vaults")]),
        ({"customer_identifiers": ["cust-2"]}, [(2, "seats"), (2, "vaults")]),
        ({"customer_identifiers": ["cust-1", "cust-2"]}, [(2, "seats"), (2, "vaults")]),
        ({"license_arns": ["arn:1", "arn:3", "arn:4"]}, [(1, "seats"), (3, "vaults")]),
        ({"license_arns": ["arn:1", "arn:3"], "dimensions": ["vaults"]}, [(3, "vaults")]),
        ({"license_arns": ["arn:1"], "customer_aws_account_ids": [OTHER_BUYER]}, []),
        (
            {
                "license_arns": ["arn:1", "arn:3"],
                "customer_aws_account_ids": [BUYER, OTHER_BUYER],
                "dimensions": ["seats"],
            },
            [(1, "seats")],
        ),
    ],
    ids=str,
)
def test_values_of_a_filter_unite_and_filters_intersect(filters, expected):
    """Any value of each filter that is given, and all filters at once."""
    agreements = [
        contract(1, "seats"),
        contract(2, "vaults", "seats", customer_identifier="cust-2"),
        contract(3, "vaults", buyer_id=OTHER_BUYER),
    ]
    assert shown(page_of(agreements, **filters)) == expected


def test_a_customer_is_named_in_one_way():
    """Identifiers and accounts exclude each other, whatever they name."""
    filters = EntitlementFilters(
        customer_identifiers=frozenset({"cust-1"}), customer_aws_account_ids=frozenset({BUYER})
    )
    assert refusal_of(check_filters, filters) == (
        FiltersExclusive,
        "Filter has both CUSTOMER_IDENTIFIER and CUSTOMER_AWS_ACCOUNT_ID; use one or the other.",
    )


@pytest.mark.parametrize(
    ("ends", "expected"),
    [(at("2027-01-01T00:00:00"), at("2027-01-01T00:00:00")), (None, EXPIRES_NEVER)],
    ids=["fixed", "open"],
)
def test_an_entitlement_expires_with_its_agreement(ends, expected):
    """Without an end, on the first day of 9999."""
    [granted] = page_of([contract(1, ends=ends)]).granted
    assert granted.expires == expected


def test_a_full_page_that_is_the_last_has_no_next():
    """There is a next page only if something is left."""
    assert page_of([contract(1, "a", "b")], limit=2).next is None


def test_a_page_that_has_looked_at_enough_goes_on():
    """Agreements that show nothing end a page, which may be empty."""
    ended = [contract(number, ends=NOW) for number in range(1, AGREEMENTS_MAX + 2)]
    page = page_of(ended)
    assert (page.granted, page.next) == ((), (AGREEMENTS_MAX + 1, "", 0))


def test_a_page_that_has_looked_at_enough_may_be_the_last():
    """Exactly as many agreements as are looked at, and none after them."""
    ended = [contract(number, ends=NOW) for number in range(1, AGREEMENTS_MAX + 1)]
    assert page_of(ended).next is None


def test_no_more_agreements_are_taken_than_a_page_needs():
    """A walk that reads them as they are taken is not read further."""
    agreements = iter([contract(1), contract(2), contract(3), contract(4)])
    page_of(agreements, limit=2)
    assert [each.number for each in agreements] == [4]


PAGES_MAX = 50
"""More than there are entitlements below."""

dimensions = st.lists(st.sampled_from("abc"), max_size=5)
contracts = st.dictionaries(st.integers(1, 9), dimensions, max_size=9)


def agreements_from(granted, after=BEFORE_ALL):
    """Agreements by number, from that of a key on, as they are handed to a page."""
    return [
        contract(
            number,
            entitlements=tuple(
                Entitlement(dimension, place) for place, dimension in enumerate(held)
            ),
        )
        for number, held in sorted(granted.items())
        if number >= after[0]
    ]


def pages_of(granted_at, limit):
    """Everything that all pages together show, page by page, of what is granted by then."""
    after, page_number = BEFORE_ALL, 0
    while after is not None:
        assert page_number < PAGES_MAX, "the pages do not end"
        granted = granted_at(page_number)
        page = page_of(agreements_from(granted, after), after=after, limit=limit)
        yield from ((each.agreement.number, each.entitlement) for each in page.granted)
        after, page_number = page.next, page_number + 1


@given(contracts, st.integers(1, 25))
def test_pages_of_any_size_show_everything_once_in_order(granted, limit):
    """By agreement, then by dimension; values of one dimension as they stand."""
    expected = [
        (number, Entitlement(dimension, place))
        for number, held in sorted(granted.items())
        for dimension, place in sorted((each, place) for place, each in enumerate(held))
    ]
    assert list(pages_of(lambda _: granted, limit)) == expected


sets_of_dimensions = st.lists(st.sampled_from("abc"), max_size=3, unique=True)


@given(
    st.lists(st.dictionaries(st.integers(1, 9), sets_of_dimensions, max_size=9), min_size=1),
    st.integers(1, 4),
)
def test_what_changes_between_pages_moves_nothing_else(history, limit):
    """What is there throughout is shown exactly once, whatever comes and goes meanwhile."""
    found = list(pages_of(lambda number: history[min(number, len(history) - 1)], limit))
    keys = [(number, entitlement.dimension) for number, entitlement in found]
    throughout = {
        (number, dimension)
        for number, held in history[0].items()
        for dimension in held
        if all(dimension in later.get(number, ()) for later in history)
    }
    assert (keys, throughout - set(keys)) == (sorted(set(keys)), set())


@pytest.mark.parametrize(
    ("page", "filters", "expected"),
    [
        (
            EntitlementPage(),
            {"dimensions": frozenset({"Seats", "users"})},
            "Product vault has no dimension 'Seats'.",
        ),
        (
            EntitlementPage(ended=2, not_begun=1),
            {},
            "Of the agreements to product vault that were asked for and grant entitlements, 2 have "
            "ended and 1 have not begun; none that is in force grants what was asked for.",
        ),
        (
            EntitlementPage(),
            {"dimensions": frozenset({"users"})},
            "No agreement to product vault that was asked for grants such an entitlement.",
        ),
    ],
    ids=["a dimension", "time", "nothing"],
)
def test_an_empty_answer_is_explained(page, filters, expected):
    """The operator is told what would have passed."""
    asked = msgspec.structs.replace(EntitlementFilters(), **filters)
    assert why_nothing(page, PRODUCTS[1], asked) == expected

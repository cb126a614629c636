"""GetEntitlements: whose products, which look-ups, at which cost."""

import pytest

from builders import (
    BUYER,
    LICENSE,
    NOW,
    OTHER_BUYER,
    OTHER_SELLER,
    SELLER,
    agreement,
    market,
    refusal_of,
)
from entitled import FakeEntitledAgreements, contract
from waag.domain.entitlement import AGREEMENTS_MAX, EntitlementChoices, EntitlementFilters
from waag.domain.market import Entitlement
from waag.domain.refusals import FiltersExclusive, PageTokenInvalid
from waag.ports import Caller
from waag.services.entitlement import WALKED_AT_ONCE, EntitlementQuery, get_entitlements
from waag.storage.page_tokens import SealedPageTokens

PAGES_MAX = 50
TOKENS = SealedPageTokens(b"k" * 32, bytes)


class Entitled:
    """A seller's contracts to the product vault, numbered from 11."""

    def __init__(self, *contracts) -> None:
        self.walked = FakeEntitledAgreements(*contracts)
        self.market = market(*contracts)

    def page(
        self, *, code="vault", seller=SELLER, region="us-east-1", token=None, limit=25, **filters
    ):
        """One page; filters are given by name."""
        asked = {name: frozenset(values) for name, values in filters.items()}
        return get_entitlements(
            EntitlementQuery(code, EntitlementFilters(**asked), token, limit),
            Caller(seller, f"arn:aws:iam::{seller}:user/ci", region),
            market=self.market,
            agreements=self.walked,
            page_tokens=TOKENS,
            choices=EntitlementChoices(),
            now=NOW,
        )

    def pages(self, **asked):
        """The agreements' numbers on each page, to the last."""
        token, pages = None, []
        while not pages or token is not None:
            assert len(pages) < PAGES_MAX, "the pages do not end"
            found = self.page(token=token, **asked)
            token = found.next_token
            pages.append([each.agreement.number for each in found.granted])
        return pages


def three():
    """Two contracts of one customer, one of another."""
    return Entitled(
        contract(11, license_arn="arn:11"),
        contract(12, license_arn="arn:12", buyer_id=OTHER_BUYER, customer_identifier="cust-12"),
        contract(13, license_arn="arn:13"),
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [11, 12, 13]),
        ({"license_arns": ["arn:13", "arn:11", "arn:unknown"]}, [11, 13]),
        ({"license_arns": ["arn:13", LICENSE]}, [13]),
        ({"customer_aws_account_ids": [BUYER]}, [11, 13]),
        ({"customer_aws_account_ids": [BUYER, OTHER_BUYER]}, [11, 12, 13]),
        ({"customer_identifiers": ["cust-12", "cust-2"]}, [12]),
        ({"customer_aws_account_ids": [BUYER], "license_arns": ["arn:12", "arn:13"]}, [13]),
        ({"dimensions": ["seats"]}, [11, 12, 13]),
        ({"dimensions": ["vaults"]}, []),
    ],
    ids=str,
)
def test_what_is_asked_for_is_found(asked, expected):
    """Looked up or walked, in the order of agreements."""
    assert three().pages(**asked) == [expected]


@pytest.mark.parametrize(
    "asked",
    [
        {"license_arns": ["arn:11"]},
        {"customer_aws_account_ids": [BUYER]},
        {"customer_identifiers": ["cust-12"]},
    ],
    ids=str,
)
def test_what_is_named_is_looked_up(asked):
    """No other agreement is read."""
    entitled = three()
    entitled.page(**asked)
    assert entitled.walked.read == 0


def test_more_names_than_are_looked_up_are_walked():
    """A filter of any length costs no more than a page may look at."""
    entitled = three()
    names = [f"arn:{number}" for number in range(13, AGREEMENTS_MAX + 14)]
    assert (entitled.pages(license_arns=names), entitled.walked.read) == ([[13]], 3)


def test_a_license_of_another_product_finds_nothing():
    """Nor does it tell that it exists."""
    granting = agreement(
        number=11, id="agmt-11", license_arn="arn:other", entitlements=(Entitlement("seats", 1),)
    )
    assert Entitled(granting).pages(license_arns=["arn:other"]) == [[]]


@pytest.mark.parametrize(
    "asked",
    [{}, {"customer_aws_account_ids": [BUYER]}, {"dimensions": ["seats"]}],
    ids=["walked", "looked up", "by dimension"],
)
def test_pages_follow_one_another(asked):
    """Each goes on where the one before ended."""
    entitled = Entitled(*(contract(number) for number in range(11, 16)))
    assert entitled.pages(limit=2, **asked) == [[11, 12], [13, 14], [15]]


@pytest.mark.parametrize(
    "asked", [{}, {"customer_aws_account_ids": [BUYER]}], ids=["walked", "looked up"]
)
def test_a_page_in_the_middle_of_an_agreement(asked):
    """The dimensions that are left come on the next page."""
    entitled = Entitled(contract(11, "a", "b", "c"), contract(12, "a"))
    assert entitled.pages(limit=2, **asked) == [[11, 11], [11, 12]]


@pytest.mark.parametrize(
    ("ended", "read"),
    [(0, WALKED_AT_ONCE), (10 * AGREEMENTS_MAX, AGREEMENTS_MAX + WALKED_AT_ONCE)],
    ids=["in force", "ended"],
)
def test_a_page_reads_so_many_agreements_at_most(ended, read):
    """However many there are, and whether or not they show anything."""
    contracts = (contract(number, ends=NOW) for number in range(11, 11 + ended))
    more = (contract(number) for number in range(11 + ended, 411 + ended))
    entitled = Entitled(*contracts, *more)
    entitled.page()
    assert entitled.walked.read == read


def test_a_walk_goes_on_beyond_one_step():
    """Pages together show every agreement, however many steps they take."""
    entitled = Entitled(*(contract(number) for number in range(11, 11 + 2 * WALKED_AT_ONCE + 1)))
    assert [number for page in entitled.pages() for number in page] == list(
        range(11, 11 + 2 * WALKED_AT_ONCE + 1)
    )


def test_pages_that_were_long_empty_end():
    """What lies behind thousands of ended agreements is found."""
    ended = (contract(number, ends=NOW) for number in range(11, 2511))
    assert Entitled(*ended, contract(2511)).pages() == [[], [], [2511]]


UNKNOWN = "publishes no product with the product code"


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ({"code": "nosuch"}, f"Account {SELLER} {UNKNOWN} 'nosuch', so nothing is found."),
        (
            {"seller": OTHER_SELLER},
            f"Account {OTHER_SELLER} {UNKNOWN} 'vault', so nothing is found.",
        ),
        ({"seller": BUYER}, f"Account {BUYER} {UNKNOWN} 'vault', so nothing is found."),
        (
            {"code": "analytics"},
            "No agreement to product analytics that was asked for grants such an entitlement.",
        ),
    ],
    ids=["unknown product", "another seller's", "a buyer", "pay as you go"],
)
def test_finding_nothing_is_explained_to_the_operator(asked, note):
    """The caller is told nothing, and that is no error."""
    found = three().page(**asked)
    assert (found.granted, found.next_token, found.notes) == ((), None, (note,))


def test_another_region_is_answered_with_a_remark():
    """AWS has no endpoint there; what is found is the same."""
    found = three().page(region="eu-west-1")
    assert (len(found.granted), found.notes) == (
        3,
        (
            "AWS has no endpoint of the entitlement service in eu-west-1, only in us-east-1, "
            "cn-northwest-1, eusc-de-east-1.",
        ),
    )


def test_what_is_found_is_not_remarked_on():
    """A page with entitlements needs no explanation."""
    assert three().page().notes == ()


def test_two_ways_to_name_a_customer_are_refused():
    """Whether or not they name the same one."""
    refused = refusal_of(
        three().page, customer_identifiers=["cust-12"], customer_aws_account_ids=[OTHER_BUYER]
    )
    assert refused is not None
    assert refused[0] is FiltersExclusive


@pytest.mark.parametrize(
    ("asked", "differing"),
    [
        ({"seller": OTHER_SELLER}, "account"),
        ({"code": "archive"}, "ProductCode"),
        ({"customer_aws_account_ids": [BUYER]}, "Filter"),
        (
            {"seller": OTHER_SELLER, "code": "archive", "dimensions": ["seats"]},
            "account and another ProductCode and another Filter",
        ),
    ],
    ids=["account", "product", "filters", "all of it"],
)
def test_a_token_goes_on_with_its_own_request_alone(asked, differing):
    """Another request is refused, and told in what it differs."""
    entitled = three()
    token = entitled.page(limit=1).next_token
    assert refusal_of(entitled.page, token=token, **asked) == (
        PageTokenInvalid,
        f"NextToken {token[:16]!r}... was given for another {differing}; only the request that it "
        "was given for, repeated with it, goes on.",
    )


def test_a_token_goes_on_at_another_page_size():
    """MaxResults may differ from page to page."""
    entitled = three()
    token = entitled.page(limit=1).next_token
    found = entitled.page(limit=25, token=token)
    assert [each.agreement.number for each in found.granted] == [12, 13]


def test_the_order_of_filter_values_is_no_matter_for_a_token():
    """The same values in another order ask for the same."""
    entitled = three()
    token = entitled.page(limit=1, license_arns=["arn:11", "arn:13"]).next_token
    found = entitled.page(token=token, license_arns=["arn:13", "arn:11"])
    assert [each.agreement.number for each in found.granted] == [13]

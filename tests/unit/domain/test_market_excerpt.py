"""A market held in memory, and the part of one that a definition has to see."""

import pytest

from builders import (
    ARCHIVE_LICENSE,
    BUYER,
    LICENSE,
    NOW,
    OTHER_BUYER,
    OTHER_SELLER,
    SELLER,
    STRANGER,
    account_definition,
    agreement,
    agreement_definition,
    buyer_definition,
    deal_definition,
    enrollment_definition,
    granted,
    market,
    principal,
    principal_definition,
    product_definition,
)
from waag.domain.analytics.enrollments import Enrollment
from waag.domain.market import Deal, NumbersTaken
from waag.domain.market_definition import MarketDefinition
from waag.domain.market_excerpt import MarketExcerpt, excerpt_for

LATER = agreement(number=8, id="agmt-8", starts=NOW)
MARKET = market(LATER)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (MARKET.principal("AKIAWAAGTESTSELLER01"), principal()),
        (MARKET.principal("AKIAWAAGTESTNOBODY01"), None),
        (MARKET.account(BUYER), MARKET.accounts[BUYER]),
        (MARKET.account("cust-1"), None),
        (MARKET.product("prod-vault00000001"), MARKET.products["prod-vault00000001"]),
        (MARKET.product("vault"), None),
        (MARKET.product_by_code("vault"), MARKET.products["prod-vault00000001"]),
        (MARKET.product_by_code("prod-vault00000001"), None),
        (MARKET.agreement("agmt-8"), LATER),
        (MARKET.agreement("agmt-9"), None),
        (MARKET.agreement_by_license_arn(LICENSE), MARKET.agreements["agmt-3"]),
        (MARKET.agreement_by_license_arn("agmt-3"), None),
        (MARKET.agreements_of("prod-analytics0001", BUYER), [agreement(), LATER]),
        (MARKET.agreements_of("prod-forms00000001", OTHER_BUYER), ()),
        (MARKET.agreements_of_customer("prod-analytics0001", "cust-1"), [agreement(), LATER]),
        (MARKET.agreements_of_customer("prod-vault00000001", "cust-1"), ()),
        (MARKET.agreements_by_identifier("cust-1"), [agreement(), LATER]),
        (MARKET.agreements_by_identifier("cust-9"), ()),
    ],
    ids=[
        "access key",
        "no access key",
        "account",
        "no account",
        "product",
        "a code is no id",
        "product code",
        "an id is no code",
        "agreement",
        "no such agreement",
        "license",
        "no license",
        "parties",
        "no agreement",
        "customer",
        "no customer",
        "customer identifier",
        "no customer identifier",
    ],
)
def test_look_ups(found, expected):
    """Each look-up finds by its own name, and every agreement over time."""
    assert found == expected


DEALS = (
    Deal("OPPORTUNITY", "O1", "Expansion", SELLER, BUYER),
    Deal("OFFER", "O1", "Renewal", SELLER, OTHER_BUYER),
)
ENROLLMENTS = (Enrollment(SELLER, "role", "bucket", "topic"),)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (MarketExcerpt(deals=DEALS).deal("OFFER", "O1"), DEALS[1]),
        (MarketExcerpt(deals=DEALS).deal("OFFER", "O2"), None),
        (MarketExcerpt(enrollments=ENROLLMENTS).enrollment(SELLER), ENROLLMENTS[0]),
        (MarketExcerpt(enrollments=ENROLLMENTS).enrollment(BUYER), None),
    ],
    ids=["deal", "no deal", "enrollment", "no enrollment"],
)
def test_look_ups_of_deals_and_enrollments(found, expected):
    """Deals are found by type and id, enrollments by their seller."""
    assert found == expected


@pytest.mark.parametrize(
    ("excerpt", "expected"),
    [
        (MarketExcerpt(), NumbersTaken()),
        (MARKET, NumbersTaken(account=4, product=5, dimension=4, agreement=8)),
        (MarketExcerpt(numbers_taken=NumbersTaken(9, 8, 7, 6)), NumbersTaken(9, 8, 7, 6)),
    ],
    ids=["empty", "a whole market", "of the market that it is taken from"],
)
def test_numbers_taken(excerpt, expected):
    """The highest of each kind, of the whole market even where not all of it is there."""
    assert excerpt.numbers_taken() == expected


def test_agreements_come_by_number():
    """In whatever order they are given, the first that was agreed to is found first."""
    excerpt = MarketExcerpt(agreements=[LATER, agreement()])
    assert excerpt.agreements_by_identifier("cust-1") == [agreement(), LATER]


FORMS = granted(9, "prod-forms00000001", "arn:forms", customer_identifier="forms-cust-1")
WHOLE = MarketExcerpt(
    MARKET.accounts.values(),
    MARKET.products.values(),
    (*MARKET.agreements.values(), FORMS),
    DEALS,
    ENROLLMENTS,
)


def names_in(excerpt):
    """What is in an excerpt, by kind and name."""
    return {
        *excerpt.accounts,
        *excerpt.products,
        *excerpt.agreements,
        *(f"{kind} {name}" for kind, name in excerpt.deals),
        *(f"enrollment {seller}" for seller in excerpt.enrollments),
    }


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param({"accounts": (buyer_definition(),)}, {BUYER}, id="an account"),
        pytest.param(
            {"accounts": (buyer_definition(id=STRANGER),)}, set(), id="an account that is new"
        ),
        pytest.param(
            {"accounts": (buyer_definition(principals=(principal_definition(),)),)},
            {BUYER, SELLER},
            id="the holder of an access key",
        ),
        pytest.param(
            {"products": (product_definition(seller=OTHER_SELLER),)},
            {"prod-analytics0001", OTHER_SELLER},
            id="a product and its seller",
        ),
        pytest.param(
            {"products": (product_definition(id="prod-new0000000001", code="vault"),)},
            {"prod-vault00000001", SELLER},
            id="the product that has the code",
        ),
        pytest.param(
            {"agreements": (agreement_definition(customer_identifier=None),)},
            {"agmt-1", "prod-analytics0001", BUYER},
            id="an agreement and its parties",
        ),
        pytest.param(
            {
                "agreements": (
                    agreement_definition(
                        id="new",
                        product="prod-vault00000001",
                        customer_identifier=None,
                        license_arn=ARCHIVE_LICENSE,
                    ),
                )
            },
            {"agmt-4", "prod-vault00000001", BUYER},
            id="the agreement that has the license",
        ),
        pytest.param(
            {
                "agreements": (
                    agreement_definition(
                        id="new", product="prod-forms00000001", customer_identifier="forms-cust-1"
                    ),
                )
            },
            {"agmt-6", "agmt-9", "prod-forms00000001", BUYER},
            id="the agreements under the identifier",
        ),
        pytest.param(
            {"agreements": (agreement_definition(id="new", product="prod-forms00000001"),)},
            {"prod-forms00000001", BUYER},
            id="an identifier of another product",
        ),
        pytest.param(
            {"deals": (deal_definition(owner=OTHER_SELLER, customer=OTHER_BUYER),)},
            {"OPPORTUNITY O1", OTHER_SELLER, OTHER_BUYER},
            id="a deal, its owner and its customer",
        ),
        pytest.param(
            {"enrollments": (enrollment_definition(),)},
            {f"enrollment {SELLER}", SELLER},
            id="an enrollment and its seller",
        ),
        pytest.param(
            {"enrollments": (enrollment_definition(seller=BUYER),)},
            {BUYER},
            id="an enrollment that is new",
        ),
    ],
)
def test_what_a_definition_has_to_see(definition, expected):
    """What it names, what it refers to, and what has one of its names; nothing else."""
    assert names_in(excerpt_for(MarketDefinition(**definition), WHOLE)) == expected


def test_an_excerpt_knows_which_numbers_are_free():
    """New entries are numbered beyond those of the whole market."""
    excerpt = excerpt_for(MarketDefinition(accounts=(account_definition(),)), WHOLE)
    assert excerpt.numbers_taken() == WHOLE.numbers_taken()

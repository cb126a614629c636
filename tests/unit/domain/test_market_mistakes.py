"""What must hold in a market definition, each mistake with its place and what was expected."""

from datetime import datetime, timedelta

import pytest

from builders import (
    BUYER,
    LICENSE,
    OTHER_BUYER,
    SELLER,
    STARTS,
    STRANGER,
    account_definition,
    agreement_definition,
    buyer_definition,
    deal_definition,
    demo_market,
    dimension_definition,
    enrollment_definition,
    market_definition,
    principal_definition,
    product_definition,
    vault_definition,
)
from waag.domain.market import ProductType
from waag.domain.market_definition import (
    EntitlementDefinition,
    MarketDefinition,
    PartnerDefinition,
    format_path,
)
from waag.domain.market_excerpt import MarketExcerpt
from waag.domain.market_mistakes import mistakes_in

SESSION = {"role": "Workload", "access_key_id": "AKIAWAAGTESTSELLER02"}
SEATS = EntitlementDefinition(dimension="seats", value=25)
VAULT = vault_definition()


def connected_with(account_id):
    """A seller's account with a subsidiary."""
    return account_definition(partner=PartnerDefinition(connected=(account_id,)))


def mistakes(definition):
    """Every mistake as (place, expectation), were it applied to an empty market."""
    found = mistakes_in(definition, MarketExcerpt())
    return [(format_path(each.path), each.expected) for each in found]


@pytest.mark.parametrize("definition", [MarketDefinition(), market_definition(), demo_market()])
def test_a_market_without_mistakes(definition):
    """A definition that holds has none; it may be empty."""
    assert mistakes(definition) == []


@pytest.mark.parametrize(
    ("definition", "path", "expected"),
    [
        (
            {"accounts": (account_definition(), buyer_definition(), buyer_definition(name="B"))},
            "accounts[2].id",
            "a name of its own; 210000000001 is taken above",
        ),
        (
            {"products": (product_definition(), product_definition(code="other"))},
            "products[1].id",
            "a name of its own; prod-analytics0001 is taken above",
        ),
        (
            {"products": (product_definition(), product_definition(id="prod-other00000001"))},
            "products[1].code",
            "a name of its own; analytics is taken above",
        ),
        (
            {"agreements": (agreement_definition(), agreement_definition())},
            "agreements[1].id",
            "a name of its own; agmt-1 is taken above",
        ),
        (
            {
                "agreements": (
                    agreement_definition(license_arn=LICENSE),
                    agreement_definition(id="agmt-2", license_arn=LICENSE),
                )
            },
            "agreements[1].license_arn",
            f"a name of its own; {LICENSE} is taken above",
        ),
        (
            {"deals": (deal_definition(), deal_definition(name="Other"))},
            "deals[1].id",
            "a name of its own; OPPORTUNITY O1 is taken above",
        ),
        (
            {"enrollments": (enrollment_definition(), enrollment_definition(bucket="more"))},
            "enrollments[1].seller",
            "a name of its own; 120000000001 is taken above",
        ),
        (
            {
                "accounts": (
                    account_definition(principals=(principal_definition(),)),
                    buyer_definition(principals=(principal_definition(user="other"),)),
                )
            },
            "accounts[1].principals[0].access_key_id",
            "a name of its own; AKIAWAAGTESTSELLER01 is taken above",
        ),
        (
            {
                "products": (
                    product_definition(
                        dimensions=(dimension_definition(), dimension_definition(unit="Heads"))
                    ),
                )
            },
            "products[0].dimensions[1].key",
            "a name of its own; users is taken above",
        ),
    ],
)
def test_a_name_taken_twice(definition, path, expected):
    """Each kind of name is an entry's own; the second to take it is told."""
    assert mistakes(market_definition(**definition)) == [(path, expected)]


@pytest.mark.parametrize(
    "definition",
    [
        {"agreements": (agreement_definition(), agreement_definition(id="agmt-2"))},
        {"deals": (deal_definition(), deal_definition(type="OFFER"))},
        {
            "products": (
                product_definition(),
                product_definition(id="prod-other00000001", code="other"),
            )
        },
    ],
    ids=["one customer twice", "another type of deal", "dimensions of two products"],
)
def test_names_that_may_be_taken_twice(definition):
    """A customer may have several agreements; a deal's type and a product set names apart."""
    assert mistakes(market_definition(**definition)) == []


@pytest.mark.parametrize(
    ("definition", "path", "expected"),
    [
        (
            {"deals": (deal_definition(owner=STRANGER),)},
            "deals[0].owner",
            "an account; 999999999999 is none here",
        ),
        (
            {"deals": (deal_definition(customer=STRANGER),)},
            "deals[0].customer",
            "an account; 999999999999 is none here",
        ),
        (
            {"enrollments": (enrollment_definition(seller=STRANGER),)},
            "enrollments[0].seller",
            "an account of kind seller; 999999999999 is none here",
        ),
        (
            {"enrollments": (enrollment_definition(seller=BUYER),)},
            "enrollments[0].seller",
            "an account of kind seller; 210000000001 is none here",
        ),
        (
            {"accounts": (connected_with(STRANGER), buyer_definition())},
            "accounts[0].partner.connected[0]",
            "an account of kind seller; 999999999999 is none here",
        ),
        (
            {"accounts": (connected_with(BUYER), buyer_definition())},
            "accounts[0].partner.connected[0]",
            "an account of kind seller; 210000000001 is none here",
        ),
        (
            {"products": (product_definition(seller=STRANGER),)},
            "products[0].seller",
            "an account of kind seller; 999999999999 is none here",
        ),
        (
            {"products": (product_definition(seller=BUYER),), "agreements": ()},
            "products[0].seller",
            "an account of kind seller; 210000000001 is none here",
        ),
        (
            {"agreements": (agreement_definition(buyer=STRANGER),)},
            "agreements[0].buyer",
            "an account; 999999999999 is none here",
        ),
        (
            {"agreements": (agreement_definition(buyer=SELLER),)},
            "agreements[0].buyer",
            "another account than the product's seller, 120000000001",
        ),
        (
            {"agreements": (agreement_definition(product="prod-nothing000000"),)},
            "agreements[0].product",
            "a product; prod-nothing000000 is none here",
        ),
    ],
)
def test_a_reference_that_leads_nowhere(definition, path, expected):
    """Accounts and products that entries name are there, and of the right kind."""
    assert mistakes(market_definition(**definition)) == [(path, expected)]


@pytest.mark.parametrize(
    ("principal", "path", "expected"),
    [
        ({"user": None}, "", "one of user and role"),
        ({"role": "Workload"} | {"user": "ci"}, "", "one of user and role"),
        (
            {"session": "s-1"},
            "",
            "no session and no session_token, which only a role has",
        ),
        (
            {"session_token": "token"},
            "",
            "no session and no session_token, which only a role has",
        ),
        (
            SESSION | {"session": None},
            "",
            "a session and a session_token, which a role has",
        ),
        (
            SESSION | {"session_token": None},
            "",
            "a session and a session_token, which a role has",
        ),
        (
            {"policies": ("MarketplaceSeller", "Everything")},
            ".policies[1]",
            "a policy document or one of AWSPartnerCentralRevenueAttributionManagement, "
            "AWSRevenueAttributionManagement, MarketplaceMeteredWorkload, MarketplaceSeller, not "
            "'Everything'",
        ),
        (
            {"policies": ({"Version": "2012-10-17"},)},
            ".policies[0]",
            "one value or a list of values (at Statement)",
        ),
        (
            {"policies": ({},)},
            ".policies[0]",
            "an object with members (at its top)",
        ),
    ],
)
def test_a_principal_that_cannot_be(principal, path, expected):
    """A user or a session of a role, complete, with policies that can be read."""
    account = account_definition(principals=(principal_definition(**principal),))
    definition = market_definition(accounts=(account, buyer_definition()))
    assert mistakes(definition) == [(f"accounts[0].principals[0]{path}", expected)]


NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001 - the mistake under test


@pytest.mark.parametrize(
    ("agreement", "path", "expected"),
    [
        (
            {"starts": NAIVE},
            ".starts",
            "an instant with its offset, such as 2026-01-01T00:00:00Z",
        ),
        (
            {"ends": NAIVE},
            ".ends",
            "an instant with its offset, such as 2026-01-01T00:00:00Z",
        ),
        ({"ends": STARTS}, ".ends", "an instant after 2026-01-01T00:00:00+00:00"),
        (
            {"ends": STARTS - timedelta(microseconds=1)},
            ".ends",
            "an instant after 2026-01-01T00:00:00+00:00",
        ),
        (
            {"customer_identifier": None},
            "",
            "a customer_identifier, since prod-analytics0001 has the legacy integration",
        ),
        (
            {"product": VAULT.id},
            "",
            f"a license_arn, since {VAULT.id} has concurrent agreements",
        ),
        (
            {"entitlements": (SEATS,)},
            ".entitlements[0].dimension",
            "an Entitled dimension of prod-analytics0001, not 'seats'",
        ),
        (
            {
                "product": VAULT.id,
                "license_arn": LICENSE,
                "entitlements": (SEATS, EntitlementDefinition(dimension="users", value=1)),
            },
            ".entitlements[1].dimension",
            f"an Entitled dimension of {VAULT.id}, not 'users'",
        ),
    ],
)
def test_an_agreement_that_does_not_fit_its_product(agreement, path, expected):
    """Its term is one, its identifiers are the integration's, and it grants what is sold so."""
    definition = market_definition(
        products=(product_definition(), VAULT), agreements=(agreement_definition(**agreement),)
    )
    assert mistakes(definition) == [(f"agreements[0]{path}", expected)]


@pytest.mark.parametrize("kind", [ProductType.AMI, ProductType.CONTAINER])
def test_software_that_buyers_run_needs_no_customer_identifier(kind):
    """Its usage is reported by the buyer's own workload."""
    definition = market_definition(
        products=(product_definition(type=kind),),
        agreements=(agreement_definition(customer_identifier=None),),
    )
    assert mistakes(definition) == []


def test_both_instants_of_a_term_are_told():
    """Two mistakes of one agreement are both reported."""
    agreements = (agreement_definition(starts=NAIVE, ends=NAIVE),)
    assert [path for path, _ in mistakes(market_definition(agreements=agreements))] == [
        "agreements[0].starts",
        "agreements[0].ends",
    ]


def test_a_customer_identifier_names_one_buyer_within_a_definition():
    """Two buyers of one product cannot have the same identifier: usage would be either's."""
    definition = market_definition(
        accounts=(account_definition(), buyer_definition(), buyer_definition(id=OTHER_BUYER)),
        agreements=(agreement_definition(), agreement_definition(id="agmt-2", buyer=OTHER_BUYER)),
    )
    assert mistakes(definition) == [
        (
            "agreements[1].customer_identifier",
            "an identifier of its own; cust-1 is customer 210000000001's",
        )
    ]


def test_every_mistake_is_reported():
    """One mistake does not hide the others."""
    definition = market_definition(
        accounts=(account_definition(principals=(principal_definition(user=None),)),),
        products=(product_definition(seller=STRANGER),),
        deals=(deal_definition(owner=STRANGER),),
        enrollments=(enrollment_definition(seller=STRANGER),),
    )
    assert [path for path, _ in mistakes(definition)] == [
        "accounts[0].principals[0]",
        "products[0].seller",
        "agreements[0].buyer",
        "deals[0].owner",
        "deals[0].customer",
        "enrollments[0].seller",
    ]

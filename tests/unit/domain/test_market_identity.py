"""What a definition may not change of the market there is: what usage hangs on."""

from datetime import datetime, timedelta

import pytest

from builders import (
    LICENSE,
    OTHER_BUYER,
    OTHER_SELLER,
    STARTS,
    account_definition,
    agreement_definition,
    buyer_definition,
    deal_definition,
    enrollment_definition,
    market_after,
    market_definition,
    principal_definition,
    product_definition,
    vault_definition,
)
from waag.domain.market import AccountKind
from waag.domain.market_changes import changes_to
from waag.domain.market_definition import EntitlementDefinition, MarketDefinition, format_path
from waag.domain.market_excerpt import MarketExcerpt
from waag.domain.market_mistakes import mistakes_in

NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001 - the mistake under test
SEATS = EntitlementDefinition(dimension="seats", value=25)
VAULT = vault_definition()
OTHER_PRODUCT = "prod-other00000001"


def vault_agreement(**given):
    """An agreement to the product with concurrent agreements."""
    usual = {"id": "agmt-v", "product": VAULT.id, "license_arn": LICENSE}
    return agreement_definition(**(usual | {"customer_identifier": None} | given))


PRESENT = market_definition(
    accounts=(
        account_definition(principals=(principal_definition(),)),
        account_definition(id=OTHER_SELLER),
        buyer_definition(),
        buyer_definition(id=OTHER_BUYER),
    ),
    products=(product_definition(), VAULT, product_definition(id=OTHER_PRODUCT, code="other")),
    agreements=(
        agreement_definition(),
        agreement_definition(id="agmt-a", customer_identifier="cust-a"),
        vault_agreement(),
    ),
)


def mistakes(definition):
    """Every mistake as (place, expectation), were it applied to PRESENT."""
    before = market_after(MarketExcerpt(), changes_to(MarketExcerpt(), PRESENT))
    return [(format_path(each.path), each.expected) for each in mistakes_in(definition, before)]


def test_the_same_again():
    """What is there may be written again."""
    assert mistakes(PRESENT) == []


@pytest.mark.parametrize(
    ("definition", "path", "expected"),
    [
        (
            {"accounts": (account_definition(kind=AccountKind.BUYER),)},
            "accounts[0].kind",
            "seller, which account 120000000001 is; a kind does not change",
        ),
        (
            {"accounts": (buyer_definition(principals=(principal_definition(),)),)},
            "accounts[0].principals[0].access_key_id",
            "a name of its own; AKIAWAAGTESTSELLER01 is of account 120000000001",
        ),
        (
            {"products": (product_definition(code="renamed"),)},
            "products[0].code",
            "analytics, as before: it does not change",
        ),
        (
            {"products": (product_definition(seller=OTHER_SELLER),)},
            "products[0].seller",
            "120000000001, as before: it does not change",
        ),
        (
            {"products": (product_definition(id="prod-third00000001"),)},
            "products[0].code",
            "a code of its own; analytics is prod-analytics0001's",
        ),
        (
            {"agreements": (agreement_definition(product=OTHER_PRODUCT),)},
            "agreements[0].product",
            "prod-analytics0001, as before: usage hangs on it",
        ),
        (
            {"agreements": (vault_agreement(buyer=OTHER_BUYER),)},
            "agreements[0].buyer",
            "210000000001, as before: usage hangs on it",
        ),
        (
            {"agreements": (agreement_definition(customer_identifier="other"),)},
            "agreements[0].customer_identifier",
            "cust-1, as before: usage hangs on it",
        ),
        (
            {"agreements": (vault_agreement(license_arn="arn:new"),)},
            "agreements[0].license_arn",
            f"{LICENSE}, as before: usage hangs on it",
        ),
        (
            {"agreements": (agreement_definition(starts=STARTS + timedelta(seconds=1)),)},
            "agreements[0].starts",
            "the same instant as before: a start does not change",
        ),
        (
            {"agreements": (agreement_definition(id="agmt-2", license_arn=LICENSE),)},
            "agreements[0].license_arn",
            "a license of its own; this is agmt-v's",
        ),
        (
            {"agreements": (agreement_definition(id="agmt-2", buyer=OTHER_BUYER),)},
            "agreements[0].customer_identifier",
            "an identifier of its own; cust-1 is customer 210000000001's",
        ),
    ],
)
def test_what_usage_hangs_on_stays(definition, path, expected):
    """Kinds, codes, sellers and the parties, identifiers and start of agreements do not change."""
    assert mistakes(MarketDefinition(**definition)) == [(path, expected)]


def test_an_identifier_may_be_added():
    """An agreement without a license may be given one, as when its product goes over to them."""
    definition = MarketDefinition(agreements=(agreement_definition(license_arn="arn:new"),))
    assert mistakes(definition) == []


def test_a_naive_start_is_no_other_start():
    """A start without an offset is told once, not also as a changed one."""
    definition = MarketDefinition(agreements=(agreement_definition(starts=NAIVE),))
    assert mistakes(definition) == [
        ("agreements[0].starts", "an instant with its offset, such as 2026-01-01T00:00:00Z")
    ]


@pytest.mark.parametrize(
    "definition",
    [
        {"accounts": (buyer_definition(name="Renamed"),)},
        {"products": (product_definition(title="Renamed"),)},
        {"agreements": (agreement_definition(ends=STARTS + timedelta(days=1)),)},
        {"agreements": (agreement_definition(id="agmt-2"),)},
        {
            "agreements": (
                vault_agreement(id="agmt-2", license_arn="arn:new", entitlements=(SEATS,)),
            )
        },
        {"deals": (deal_definition(owner=OTHER_SELLER, customer=OTHER_BUYER),)},
        {"enrollments": (enrollment_definition(),)},
        {"accounts": (account_definition(principals=(principal_definition(user="renamed"),)),)},
    ],
)
def test_a_partial_definition_may_refer_to_what_is_there(definition):
    """Accounts, products and licenses need not be written again."""
    assert mistakes(MarketDefinition(**definition)) == []

"""From a definition to a change of the market: what is added, different, withdrawn."""

from datetime import timedelta, timezone

import msgspec
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
    at,
    buyer_definition,
    deal_definition,
    demo_market,
    dimension_definition,
    enrollment_definition,
    market_after,
    market_definition,
    principal_definition,
    product_definition,
    refusal_of,
    vault_definition,
)
from waag.domain.analytics.enrollments import Enrollment
from waag.domain.market import (
    Account,
    AccountKind,
    Address,
    Agreement,
    Deal,
    Dimension,
    DimensionType,
    Entitlement,
)
from waag.domain.market_changes import MarketChange, changes_to, to_policies
from waag.domain.market_definition import (
    AddressDefinition,
    EntitlementDefinition,
    MarketDefinition,
    MarketRefused,
    Mistake,
    format_path,
)
from waag.domain.market_excerpt import MarketExcerpt
from waag.domain.policies import BUILT_IN_POLICIES, PolicyMalformed

INLINE = {
    "Version": "2012-10-17",
    "Statement": {"Resource": "*", "Effect": "Allow", "Action": "s3:GetObject"},
}
READS = (
    '{"Statement":{"Action":"s3:GetObject","Effect":"Allow","Resource":"*"},"Version":"2012-10-17"}'
)


def applied(*definitions: MarketDefinition) -> MarketExcerpt:
    """An empty market once definitions are applied, one after the other."""
    market = MarketExcerpt()
    for definition in definitions:
        market = market_after(market, changes_to(market, definition))
    return market


def counts(change: MarketChange) -> tuple[int, int, int]:
    """How many entries were added, changed, unchanged."""
    return change.added, change.changed, change.unchanged


FULL = market_definition(
    accounts=(
        account_definition(principals=(principal_definition(policies=("MarketplaceSeller",)),)),
        buyer_definition(address=AddressDefinition(country="NL", city="Alkmaar")),
    ),
    products=(product_definition(), vault_definition()),
    agreements=(
        agreement_definition(),
        agreement_definition(
            id="agmt-v",
            product="prod-vault00000001",
            license_arn=LICENSE,
            customer_identifier=None,
            ends=STARTS + timedelta(days=365),
            entitlements=(EntitlementDefinition(dimension="seats", value=25),),
        ),
    ),
    deals=(deal_definition(stage="Launched"),),
    enrollments=(enrollment_definition(),),
)


def test_everything_of_a_first_definition_is_added():
    """In an empty market every entry is new."""
    assert counts(changes_to(MarketExcerpt(), FULL)) == (8, 0, 0)


@pytest.mark.parametrize("definition", [FULL, demo_market()], ids=["full", "demo"])
def test_applying_twice_changes_nothing(definition):
    """A definition that was applied is empty as a change."""
    entries = sum(len(getattr(definition, name)) for name in definition.__struct_fields__)
    again = changes_to(applied(definition), definition)
    assert again == MarketChange(unchanged=entries)


def test_an_empty_definition_changes_nothing():
    """What a definition does not name stays as it is."""
    assert changes_to(applied(FULL), MarketDefinition()) == MarketChange()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"accounts": (buyer_definition(name="Renamed"),)}, (0, 1, 0)),
        ({"products": (product_definition(title="Renamed"), vault_definition())}, (0, 1, 1)),
        ({"agreements": (agreement_definition(ends=STARTS + timedelta(days=1)),)}, (0, 1, 0)),
        ({"agreements": (agreement_definition(id="agmt-new"), agreement_definition())}, (1, 0, 1)),
        ({"deals": (deal_definition(stage="Lost"), deal_definition(id="O2"))}, (1, 1, 0)),
        ({"enrollments": (enrollment_definition(bucket="elsewhere"),)}, (0, 1, 0)),
    ],
)
def test_what_is_counted_as_changed(changed, expected):
    """Added, changed and unchanged entries of the definition."""
    assert counts(changes_to(applied(FULL), MarketDefinition(**changed))) == expected


def test_only_what_is_different_is_in_a_change():
    """Entries that stay the same are not written again."""
    renamed = MarketDefinition(accounts=(buyer_definition(name="Renamed"), FULL.accounts[0]))
    change = changes_to(applied(FULL), renamed)
    assert [account.name for account in change.accounts] == ["Renamed"]


def test_an_account_as_it_becomes():
    """All that a definition says of an account, and a number of its own."""
    address = Address(country="NL", city="Alkmaar")
    assert applied(FULL).accounts[BUYER] == Account(
        2, BUYER, "Buyer", AccountKind.BUYER, (), address, None
    )


def test_an_agreement_as_it_becomes():
    """All that a definition says of an agreement, with the customer's number."""
    assert applied(FULL).agreements["agmt-v"] == Agreement(
        number=2,
        id="agmt-v",
        product_id="prod-vault00000001",
        buyer_id=BUYER,
        customer=2,
        customer_identifier=None,
        license_arn=LICENSE,
        starts=at("2026-01-01T00:00:00"),
        ends=at("2027-01-01T00:00:00"),
        entitlements=(Entitlement("seats", 25),),
    )


def test_deals_and_enrollments_as_they_become():
    """Deals are found by type and id, enrollments by their seller."""
    market = applied(FULL)
    assert market.deals == {
        ("OPPORTUNITY", "O1"): Deal("OPPORTUNITY", "O1", "Expansion", SELLER, BUYER, "Launched")
    }
    assert market.enrollments == {
        SELLER: Enrollment(
            SELLER,
            f"arn:aws:iam::{SELLER}:role/analytics",
            "reports",
            f"arn:aws:sns:us-east-1:{SELLER}:ready",
        )
    }


def test_an_instant_of_any_offset_is_the_same_start():
    """A start written with another offset changes nothing."""
    elsewhere = STARTS.astimezone(timezone(timedelta(hours=2)))
    again = MarketDefinition(agreements=(agreement_definition(starts=elsewhere),))
    assert counts(changes_to(applied(FULL), again)) == (0, 0, 1)


def test_numbers_go_on():
    """A new entry's number was nobody's before; numbers of others stay."""
    more = MarketDefinition(
        accounts=(buyer_definition(id=OTHER_BUYER), buyer_definition()),
        products=(product_definition(id="prod-new0000000001", code="new"),),
        agreements=(agreement_definition(id="agmt-n", buyer=OTHER_BUYER, customer_identifier="n"),),
    )
    market = applied(FULL, more)
    agreed = market.agreements["agmt-n"]
    assert (market.accounts[OTHER_BUYER].number, market.accounts[BUYER].number) == (3, 2)
    assert (agreed.number, agreed.customer) == (3, 3)
    assert market.products["prod-new0000000001"].number == 3


def dimensions(*definitions):
    """The default product's dimensions after definitions of them, by (number, key, ...)."""
    market = applied(*(market_definition(products=(each,)) for each in definitions))
    product = market.products["prod-analytics0001"]
    return product.dimensions, set(product.metered)


def of(*dimensions_of):
    """The default product with these dimensions."""
    return product_definition(dimensions=dimensions_of)


USERS, GB = dimension_definition(), dimension_definition("gb", unit="GB", price="0.012")


def dimension(number, key, **given):
    """A dimension as it becomes."""
    usual = {"type": DimensionType.METERED, "unit": "Users", "price": "0.50"}
    return Dimension(number, key, **(usual | given))


@pytest.mark.parametrize(
    ("definitions", "expected", "metered"),
    [
        pytest.param(
            [of(USERS, GB)],
            [dimension(1, "users"), dimension(2, "gb", unit="GB", price="0.012")],
            {"users", "gb"},
            id="as listed",
        ),
        pytest.param(
            [of(USERS), of(dimension_definition(price="0.75"))],
            [dimension(1, "users", price="0.75")],
            {"users"},
            id="another price",
        ),
        pytest.param(
            [of(USERS, GB), of(GB)],
            [dimension(1, "users", offered=False), dimension(2, "gb", unit="GB", price="0.012")],
            {"gb"},
            id="left out",
        ),
        pytest.param(
            [of(USERS, GB), of(GB), of(GB)],
            [dimension(1, "users", offered=False), dimension(2, "gb", unit="GB", price="0.012")],
            {"gb"},
            id="left out again",
        ),
        pytest.param(
            [of(USERS, GB), of(GB), of(USERS)],
            [
                dimension(1, "users"),
                dimension(2, "gb", unit="GB", price="0.012", offered=False),
            ],
            {"users"},
            id="back again",
        ),
        pytest.param(
            [of(USERS), of(GB), of(dimension_definition("new"))],
            [
                dimension(1, "users", offered=False),
                dimension(2, "gb", unit="GB", price="0.012", offered=False),
                dimension(3, "new"),
            ],
            {"new"},
            id="a new one has a new number",
        ),
        pytest.param(
            [of(USERS), of(dimension_definition(type=DimensionType.ENTITLED))],
            [dimension(1, "users", type=DimensionType.ENTITLED)],
            set(),
            id="now bought in advance",
        ),
    ],
)
def test_dimensions_over_time(definitions, expected, metered):
    """A dimension keeps its number; one left out is no longer offered, and its usage stays."""
    assert dimensions(*definitions) == (tuple(expected), metered)


def test_a_dimension_left_out_a_second_time_changes_nothing():
    """What is not offered any more may stay unnamed."""
    once = market_definition(products=(of(GB),))
    market = applied(market_definition(products=(of(USERS, GB),)), once)
    assert counts(changes_to(market, once)) == (0, 0, 4)


def test_dimension_numbers_are_of_one_product_only():
    """Dimensions of two products never share a number."""
    numbers = [
        each.number for product in applied(FULL).products.values() for each in product.dimensions
    ]
    assert numbers == [1, 2]


@pytest.mark.parametrize(
    ("given", "arn"),
    [
        ({"user": "ci"}, f"arn:aws:iam::{SELLER}:user/ci"),
        ({"role": "Workload"}, f"arn:aws:sts::{SELLER}:assumed-role/Workload/s-1"),
    ],
    ids=["user", "session"],
)
def test_the_arn_of_a_principal(given, arn):
    """Made of the account and the names of the user, or of the role and its session."""
    account = account_definition(principals=(principal_definition(**given),))
    [principal] = applied(MarketDefinition(accounts=(account,))).accounts[SELLER].principals
    assert principal.arn == arn


def test_the_policies_of_a_principal():
    """Built-in ones by name, inline ones as JSON in one form, both ready to decide."""
    given = principal_definition(policies=("MarketplaceSeller", INLINE))
    account = account_definition(principals=(given,))
    [principal] = applied(MarketDefinition(accounts=(account,))).accounts[SELLER].principals
    assert principal.policy_documents == ("MarketplaceSeller", READS)
    assert [policy.name for policy in principal.policies] == ["MarketplaceSeller", "inline 1"]


def test_a_principal_left_out_is_withdrawn():
    """A credential is withdrawn by leaving it out of its account."""
    market = applied(FULL, MarketDefinition(accounts=(account_definition(),)))
    assert market.principal("AKIAWAAGTESTSELLER01") is None


def test_principals_of_accounts_not_named_stay():
    """Only an account that is named loses what it does not list."""
    market = applied(FULL, MarketDefinition(accounts=(buyer_definition(),)))
    assert market.principal("AKIAWAAGTESTSELLER01") is not None


def test_a_rotated_secret_is_a_change():
    """The same access key with another secret is written."""
    rotated = account_definition(principals=(principal_definition(secret_access_key="new"),))
    market = applied(FULL, MarketDefinition(accounts=(rotated,)))
    found = market.principal("AKIAWAAGTESTSELLER01")
    assert found is not None
    assert found.secret_access_key == "new"


def test_a_change_of_the_market_leaves_the_snapshot_alone():
    """A snapshot that a request works on does not change under it."""
    before = applied(FULL)
    applied_to = changes_to(before, MarketDefinition(accounts=(buyer_definition(name="New"),)))
    market_after(before, applied_to)
    assert before.accounts[BUYER].name == "Buyer"


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([], ()),
        (["MarketplaceSeller"], (BUILT_IN_POLICIES["MarketplaceSeller"],)),
    ],
)
def test_policies_by_name(documents, expected):
    """A built-in policy is found by its name."""
    assert to_policies(documents) == expected


def test_a_document_that_is_no_policy():
    """The place of the document is in the sentence."""
    documents = ["MarketplaceSeller", msgspec.json.encode({"Version": "1"}).decode()]
    refused = refusal_of(to_policies, documents)
    assert refused == (
        PolicyMalformed,
        'Version of policy inline 1 is \'1\'; expected "2012-10-17" or "2008-10-17", which YAML '
        "wants quoted.",
    )


def test_a_definition_with_mistakes_is_refused_with_all_of_them():
    """Nothing of it is taken, and every mistake is named in one sentence."""
    wrong = market_definition(
        agreements=(agreement_definition(buyer=STRANGER, product="prod-nothing000000"),)
    )
    with pytest.raises(MarketRefused) as refused:
        changes_to(MarketExcerpt(), wrong)
    assert refused.value.mistakes == (
        Mistake(("agreements", 0, "buyer"), "an account; 999999999999 is none here"),
        Mistake(("agreements", 0, "product"), "a product; prod-nothing000000 is none here"),
    )
    assert refused.value.why == (
        "agreements[0].buyer: an account; 999999999999 is none here; "
        "agreements[0].product: a product; prod-nothing000000 is none here"
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "(top)"),
        (("accounts",), "accounts"),
        (("accounts", 0, "principals", 12, "user"), "accounts[0].principals[12].user"),
    ],
)
def test_how_a_place_is_written(path, text):
    """As in code: members after a dot, list indexes in brackets."""
    assert format_path(path) == text

"""The market file: the form of each entry, and entries that do not fit together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_files import FILE, changed, mistakes

from builders import FakeMarkets, demo_market
from waag.admin.market_file import MarketFileRefused, apply_market_file, read_market_file
from waag.domain.market_changes import MarketChange
from waag.services.market import apply_market

ALL = (
    changed(
        (
            "    address:",
            """\
    principals:
      - role: Workload
        session: i-1
        session_token: token
        platform: ec2
        region: us-east-1
        access_key_id: ASIAWAAGTESTBUYER001
        secret_access_key: secret
    address:""",
        )
    )
    + """\
  - id: agmt-2
    product: prod-analytics0001
    buyer: "210000000001"
    customer_identifier: cust-1
    starts: 2026-01-01T00:00:00Z
    ends: 2026-02-01T00:00:00Z
    entitlements:
      - {dimension: users, value: 5}
deals:
  - {type: OFFER, id: offer-1, name: N, owner: "120000000001", customer: "210000000001"}
enrollments:
  - seller: "120000000001"
    role: arn:aws:iam::120000000001:role/R
    bucket: reports
    topic: arn:aws:sns:us-east-1:120000000001:ready
"""
)
"""A file with every member there is; of the right form, though one entitlement cannot be."""

INSTANT = "an instant with its offset, such as 2026-01-01T00:00:00Z"
SELLER_ID = 'id: "120000000001"\n    name'


def test_every_member_is_read():
    """A file with every kind of entry has no mistake of form."""
    assert mistakes(ALL) == []


def broken(old, new):
    """What is said of ALL with one member changed."""
    assert ALL.count(old) == 1
    return mistakes(ALL.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (SELLER_ID, "id: 120000000001\n    name", "3: accounts[0].id: `str`, got `int`"),
        ("name: Buyer", 'name: ""', "12: accounts[1].name: `str` of length >= 1"),
        ("name: Buyer", "name:", "12: accounts[1].name: `str`, got `null`"),
        ("name: Buyer", f"name: {'n' * 256}", "12: accounts[1].name: `str` of length <= 255"),
        ("    name: Buyer\n", "", "11: accounts[1]: a member name"),
        ("kind: buyer", "kind: broker", "13: accounts[1].kind: one of seller, buyer, not 'broker'"),
        ("kind: buyer", "kind: 5", "13: accounts[1].kind: `str`, got `int`"),
        ("country: NL, ", "", "22: accounts[1].address: a member country"),
        (
            "city: Alkmaar",
            "town: Alkmaar",
            "22: accounts[1].address.town: one of country, state, city, postal_code",
        ),
        (
            "address: {country: NL, city: Alkmaar}",
            "address: NL",
            "22: accounts[1].address: `object | null`, got `str`",
        ),
        (
            "platform: ec2",
            "platform: vm",
            "18: accounts[1].principals[0].platform: one of agentcore, ec2, ecs, eks, not 'vm'",
        ),
        (
            "platform: ec2",
            "platform: 2",
            "18: accounts[1].principals[0].platform: `str | null`, got `int`",
        ),
        (
            "platform: ec2",
            "cloud: ec2",
            "18: accounts[1].principals[0].cloud: one of access_key_id, secret_access_key, user, "
            "role, session, session_token, platform, region, policies",
        ),
        (
            "[MarketplaceSeller]",
            "MarketplaceSeller",
            "10: accounts[0].principals[0].policies: `array`, got `str`",
        ),
        (
            "[MarketplaceSeller]",
            "[5]",
            "10: accounts[0].principals[0].policies[0]: `str | object`, got `int`",
        ),
        (
            "type: saas-subscription",
            "type: saas",
            "28: products[0].type: one of saas-subscription, saas-contract, "
            "saas-contract-with-consumption, ami, container, not 'saas'",
        ),
        (
            "integration: legacy",
            "integration: old",
            "29: products[0].integration: one of legacy, concurrent, not 'old'",
        ),
        ("[us-east-1]", "[]", "30: products[0].regions: `array` of length >= 1"),
        (
            "type: Metered",
            "type: metered",
            "32: products[0].dimensions[0].type: one of Entitled, Metered, ExternallyMetered, not "
            "'metered'",
        ),
        ('"0.50"', "0.50", "32: products[0].dimensions[0].price: `str`, got `float`"),
        ("2026-02-01T00:00:00Z", "2026-02-01", f"44: agreements[1].ends: {INSTANT}"),
        ("2026-02-01T00:00:00Z", "soon", f"44: agreements[1].ends: {INSTANT}"),
        ("2026-02-01T00:00:00Z", "5", f"44: agreements[1].ends: {INSTANT}"),
        (
            "value: 5",
            "value: [5]",
            "46: agreements[1].entitlements[0].value: `bool | int | float | str`, got `array`",
        ),
        (
            "{dimension: users, value: 5}",
            "users",
            "46: agreements[1].entitlements[0]: `object`, got `str`",
        ),
        ("type: OFFER", "type: GIFT", "48: deals[0].type: one of OFFER, OPPORTUNITY, not 'GIFT'"),
        ("- {type: OFFER,", "- OFFER #", "48: deals[0]: `object`, got `str`"),
        ("    bucket: reports\n", "", "50: enrollments[0]: a member bucket"),
    ],
)
def test_the_form_of_an_entry(old, new, expected):
    """A member of another type, unknown, missing, or none of those that there are."""
    line, path, expectation = expected.split(": ", 2)
    assert broken(old, new) == [f"m.yaml:{line}: {path}: expected {expectation}"]


@pytest.mark.parametrize(
    ("old", "new", "place", "pattern"),
    [
        (SELLER_ID, 'id: "12"\n    name', "3: accounts[0].id", "[0-9]{12}"),
        ("country: NL", "country: Netherlands", "22: accounts[1].address.country", "[A-Z]{2}"),
        (
            "AKIAWAAGTESTSELLER01",
            "AKIA-WAAG",
            "8: accounts[0].principals[0].access_key_id",
            "[A-Za-z0-9_]{16,128}",
        ),
        ("user: ci", "user: c i", "7: accounts[0].principals[0].user", r"[\w+=,.@-]{1,64}"),
        ("id: prod-analytics0001", "id: analytics", "24: products[0].id", "prod-[a-z0-9]{13}"),
        ("code: analytics", "code: ana lytics", "25: products[0].code", "[-a-zA-Z0-9/=:_.@]+"),
        (
            'price: "0.50"',
            'price: "1e3"',
            "32: products[0].dimensions[0].price",
            r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,8})?",
        ),
        ("id: agmt-1", "id: agmt 1", "34: agreements[0].id", "[A-Za-z0-9_/-]{1,64}"),
        (
            "ends: 2026-02-01T00:00:00Z",
            "license_arn: aws:license-manager:us-east-1:294406891311:license:l-1",
            "44: agreements[1].license_arn",
            r"arn:aws[a-zA-Z-]*:license-manager:[a-z0-9-]*:[0-9]{12}:license:l-\w+",
        ),
        (
            "role: arn:aws:iam::120000000001:role/R",
            "role: R",
            "51: enrollments[0].role",
            "arn:aws[a-z-]*:iam::[0-9]{12}:role/.+",
        ),
        (
            "bucket: reports",
            "bucket: R",
            "52: enrollments[0].bucket",
            "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        ),
        (
            "topic: arn:aws:sns:us-east-1:120000000001:ready",
            "topic: ready",
            "53: enrollments[0].topic",
            "arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:.+",
        ),
    ],
)
def test_the_pattern_of_a_member(old, new, place, pattern):
    """A member of another form is shown the pattern that it has to match as a whole."""
    whole = rf"\A{pattern}\Z"
    assert broken(old, new) == [f"m.yaml:{place}: expected `str` matching regex {whole!r}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ALL,
            [
                "m.yaml:46: agreements[1].entitlements[0].dimension: expected an Entitled "
                "dimension of prod-analytics0001, not 'users'",
            ],
        ),
        (
            changed(("2026-01-01T00:00:00Z", "2026-01-01T00:00:00")),
            [f"m.yaml:30: agreements[0].starts: expected {INSTANT}"],
        ),
        (
            changed(("2026-01-01T00:00:00Z", "2026-01-01 00:00:00")),
            [f"m.yaml:30: agreements[0].starts: expected {INSTANT}"],
        ),
        (
            changed(
                ("    customer_identifier: cust-1\n", ""),
                ('seller: "120000000001"', 'seller: "210000000001"'),
            ),
            [
                "m.yaml:18: products[0].seller: expected an account of kind seller; 210000000001 "
                "is none here",
                "m.yaml:26: agreements[0]: expected a customer_identifier, since "
                "prod-analytics0001 has the legacy integration",
                "m.yaml:28: agreements[0].buyer: expected another account than the product's "
                "seller, 210000000001",
            ],
        ),
        (
            changed(("      - user: ci\n", "      - session: s\n")),
            ["m.yaml:7: accounts[0].principals[0]: expected one of user and role"],
        ),
        (
            changed(("[MarketplaceSeller]", "[{Version: 2012-10-17}]")),
            [
                "m.yaml:10: accounts[0].principals[0].policies[0]: expected "
                '"2012-10-17" or "2008-10-17", which YAML wants quoted (at Version)'
            ],
        ),
    ],
)
def test_entries_that_do_not_fit(text, expected):
    """Mistakes between entries have their lines too, in the file's order; nothing is taken."""
    markets = FakeMarkets()
    before = markets.current
    with pytest.raises(MarketFileRefused) as refused:
        apply_market_file(read_market_file(text, "m.yaml"), markets)
    assert [str(each) for each in refused.value.located] == expected
    assert markets.current is before


@pytest.mark.parametrize(
    ("before", "expected"),
    [(None, MarketChange(added=4)), (FILE, MarketChange(unchanged=4))],
    ids=["once", "twice"],
)
def test_a_file_is_applied(before, expected):
    """What it adds and leaves is counted; again, nothing changes."""
    markets = FakeMarkets()
    if before is not None:
        apply_market_file(read_market_file(before, "m.yaml"), markets)
    change = apply_market_file(read_market_file(FILE, "m.yaml"), markets)
    counted = MarketChange(added=change.added, changed=change.changed, unchanged=change.unchanged)
    assert counted == expected


def test_what_is_missing_is_shown_where_it_should_have_been():
    """A member that usage hangs on, left out of a later file, is told on its entry's line."""
    markets = FakeMarkets()
    apply_market_file(read_market_file(FILE, "m.yaml"), markets)
    later = changed(
        ("type: saas-subscription", "type: ami"), ("    customer_identifier: cust-1\n", "")
    )
    with pytest.raises(MarketFileRefused) as refused:
        apply_market_file(read_market_file(later, "m.yaml"), markets)
    assert refused.value.why == (
        "m.yaml:26: agreements[0].customer_identifier: expected cust-1, as before: usage hangs "
        "on it"
    )


def test_the_demo_market_fits_together():
    """The market of an empty data directory can be applied, and again without a change."""
    markets = FakeMarkets()
    changes = [apply_market(demo_market(), markets) for _ in range(2)]
    assert [(each.added, each.changed, each.unchanged) for each in changes] == [
        (18, 0, 0),
        (0, 0, 18),
    ]


FRAGMENTS = st.sampled_from(
    [
        *"[]{}:,-?&*!|>'\"%@#\n \t=~<",
        "- ",
        ": ",
        "\n  ",
        "*a",
        "&a ",
        "!!bool ",
        "!",
        "<<: ",
        "---\n",
        "...\n",
        "%TAG ! a:\n",
        "accounts:",
        "id: 1",
        "2026-13-01",
        "0x_",
        "1:60",
        ".nan",
        "\x00",
        "\x85",
        "é",
        "\ufeff",
        "\ud800",
    ]
)


@settings(deadline=None)
@given(st.lists(FRAGMENTS).map("".join) | st.binary())
def test_any_file_is_read_or_refused(text):
    """Nothing but a refusal comes of a file, and every mistake has a line."""
    assert all(int(mistake.split(":")[1]) >= 1 for mistake in mistakes(text))

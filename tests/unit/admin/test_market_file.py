"""The market file: what is read of YAML, and each mistake with its line."""

from datetime import UTC, datetime

import pytest
from market_files import FILE, changed, mistakes

from waag.admin.market_file import MarketFileRefused, read_market_file
from waag.domain.market_definition import MarketDefinition


def test_a_file_is_read():
    """A file without mistakes becomes a definition, with the line of each entry."""
    file = read_market_file(FILE, "m.yaml")
    assert (file.name, file.definition.agreements[0].starts, file.lines["agreements", 0]) == (
        "m.yaml",
        datetime(2026, 1, 1, tzinfo=UTC),
        26,
    )


@pytest.mark.parametrize(
    "text",
    [FILE.encode(), FILE.replace("\n", "\r\n"), "\ufeff" + FILE, FILE.encode("utf-16")],
    ids=["bytes", "Windows", "with a byte order mark", "UTF-16"],
)
def test_how_a_file_may_be_encoded(text):
    """Text or bytes, and what editors on other systems write."""
    expected = read_market_file(FILE, "m.yaml").definition
    assert read_market_file(text, "m.yaml").definition == expected


@pytest.mark.parametrize(
    "text",
    ["", "# Nothing.\n", "---\n", "{}\n", "null\n", "accounts: []\n"],
    ids=["empty", "comment", "start", "no member", "null", "no account"],
)
def test_an_empty_file_defines_nothing(text):
    """A file may leave out everything."""
    assert read_market_file(text, "m.yaml").definition == MarketDefinition()


NO_YAML = "(top): expected YAML in UTF-8;"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "accounts:\n  - id: [\n",
            f"m.yaml:3: {NO_YAML} did not find expected node content",
            id="unclosed",
        ),
        pytest.param(
            "accounts:\n\tid: 1\n",
            f"m.yaml:2: {NO_YAML} found character that cannot start any token",
            id="a tab",
        ),
        pytest.param(
            "accounts: []\n  products: []\n",
            f"m.yaml:2: {NO_YAML} did not find expected key",
            id="indented wrongly",
        ),
        pytest.param(
            'accounts:\n  - id: "1\n',
            f"m.yaml:3: {NO_YAML} found unexpected end of stream",
            id="an open quote",
        ),
        pytest.param(
            "accounts: *nothing\n",
            "m.yaml:1: accounts: expected the entries themselves, not an alias (*name)",
            id="an alias of nothing",
        ),
        pytest.param(
            "%YAML 3.0\n---\naccounts: []\n",
            f"m.yaml:1: {NO_YAML} found incompatible YAML document",
            id="another YAML",
        ),
        pytest.param(
            "accounts: []\n---\naccounts: []\n",
            f"m.yaml:2: {NO_YAML} another document starts here",
            id="two documents",
        ),
        pytest.param(
            b"accounts: []\n# caf\xe9 au lait\n",
            f"m.yaml:2: {NO_YAML} invalid trailing UTF-8 octet",
            id="Latin-1",
        ),
        pytest.param(
            b"# one\n# two\n\xff\n",
            f"m.yaml:3: {NO_YAML} invalid leading UTF-8 octet",
            id="no UTF-8",
        ),
        pytest.param(
            b"# one\n\x00",
            f"m.yaml:2: {NO_YAML} control characters are not allowed",
            id="a NUL byte",
        ),
        pytest.param(
            "# one\n\x00",
            f"m.yaml:2: {NO_YAML} control characters are not allowed",
            id="a NUL character",
        ),
        pytest.param(
            "# one\n\ud800",
            f"m.yaml:2: {NO_YAML} invalid Unicode character",
            id="half a character",
        ),
        pytest.param(
            "products:\n  - {{ product }}\n",
            f"m.yaml:2: {NO_YAML} a member's name has to be text",
            id="a template",
        ),
        pytest.param(
            "products:\n  ? [id]\n  : 1\n",
            f"m.yaml:2: {NO_YAML} a member's name has to be text",
            id="a list for a name",
        ),
        pytest.param(
            "- accounts\n",
            "m.yaml:1: (top): expected a mapping with accounts, products and agreements",
            id="a list at the top",
        ),
        pytest.param(
            "\naccounts\n",
            "m.yaml:2: (top): expected a mapping with accounts, products and agreements",
            id="text at the top",
        ),
    ],
)
def test_what_is_no_market_file_at_all(text, expected):
    """The line on which reading stops, and why."""
    assert mistakes(text) == [expected]


@pytest.mark.parametrize("nested", ["[", "{a: ", "- ", "[" * 999 + "{a: "])
@pytest.mark.parametrize("levels", [34, 1000, 100_000])
def test_nesting_beyond_measure(nested, levels):
    """Deep nesting is refused where it begins to be too deep, and crashes nothing."""
    assert mistakes(f"# one\n{nested * levels}") == [
        f"m.yaml:2: {NO_YAML} more than 32 levels are nested here"
    ]


@pytest.mark.parametrize(("levels", "read"), [(32, True), (33, False)])
def test_nesting_within_measure(levels, read):
    """An inline policy may be nested to the limit."""
    found = mistakes("accounts: " + "[" * levels + "]" * levels)
    assert (NO_YAML not in found[0]) is read


PLAIN = "a date, a finite number of 64 bits or text"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            changed(("    name: Buyer\n", "    name: Buyer\n    kind: seller\n")),
            "m.yaml:14: accounts[1].kind: expected kind once; it stands here a second time",
            id="a member twice",
        ),
        pytest.param(
            FILE + "accounts: []\n",
            "m.yaml:31: accounts: expected accounts once; it stands here a second time",
            id="a section twice",
        ),
        pytest.param(
            changed(("[us-east-1]", "&all [us-east-1]"), ("[MarketplaceSeller]", "*all")),
            "m.yaml:10: accounts[0].principals[0].policies: expected the entries themselves, not "
            "an alias (*name)",
            id="an alias of a list",
        ),
        pytest.param(
            changed(("name: Seller", "name: &n Seller"), ("name: Buyer", "name: *n")),
            "m.yaml:12: accounts[1].name: expected the entries themselves, not an alias (*name)",
            id="an alias of text",
        ),
        pytest.param(
            "accounts: &a\n  - *a\n",
            "m.yaml:2: accounts[0]: expected the entries themselves, not an alias (*name)",
            id="an alias of what holds it",
        ),
        pytest.param(
            changed(("    name: Buyer\n", "    <<: {name: Buyer}\n")),
            "m.yaml:12: accounts[1].<<: expected a name; << is none (quote it)",
            id="a merge",
        ),
        pytest.param(
            changed(("    name: Buyer\n", "    name: Buyer\n    on: 1\n")),
            "m.yaml:13: accounts[1].on: expected a name; on is none (quote it)",
            id="a truth value for a name",
        ),
        pytest.param(
            changed(("    name: Buyer\n", "    name: Buyer\n    !!str name2: 1\n")),
            "m.yaml:13: accounts[1].name2: expected a name; name2 is none (quote it)",
            id="a name with a tag",
        ),
        pytest.param(
            changed(("name: Buyer", "name: !!python/object:os.system Buyer")),
            "m.yaml:12: accounts[1].name: expected a plain value, without the tag "
            "tag:yaml.org,2002:python/object:os.system",
            id="a tag that asks for code",
        ),
        pytest.param(
            changed(("regions: [us-east-1]", "regions: !!set {us-east-1: }")),
            "m.yaml:22: products[0].regions: expected a plain value, without the tag "
            "tag:yaml.org,2002:set",
            id="a tag of a mapping",
        ),
        pytest.param(
            changed(("name: Buyer", "name: !!bool perhaps")),
            "m.yaml:12: accounts[1].name: expected a plain value, without the tag "
            "tag:yaml.org,2002:bool",
            id="a tag that does not fit",
        ),
        pytest.param(
            changed(("2026-01-01T00:00:00Z", "2026-02-30T00:00:00Z")),
            f"m.yaml:30: agreements[0].starts: expected {PLAIN}, not 2026-02-30T00:00:00Z",
            id="a day that does not exist",
        ),
        pytest.param(
            changed(("name: Buyer", "name: =")),
            f"m.yaml:12: accounts[1].name: expected {PLAIN}, not =",
            id="a lone equals sign",
        ),
        pytest.param(
            changed(("name: Buyer", "name: .inf")),
            f"m.yaml:12: accounts[1].name: expected {PLAIN}, not .inf",
            id="infinity",
        ),
        pytest.param(
            changed(("name: Buyer", "name: .nan")),
            f"m.yaml:12: accounts[1].name: expected {PLAIN}, not .nan",
            id="not a number",
        ),
        pytest.param(
            changed(("name: Buyer", "name: 9223372036854775808")),
            f"m.yaml:12: accounts[1].name: expected {PLAIN}, not 9223372036854775808",
            id="a large number",
        ),
        pytest.param(
            changed(("name: Buyer", "name: " + "9" * 5000)),
            f"m.yaml:12: accounts[1].name: expected {PLAIN}, not " + "9" * 80,
            id="a number of 5000 digits",
        ),
        pytest.param(
            changed(("name: Buyer", "name: " + "1:" * 300 + "1.5")),
            f"m.yaml:12: accounts[1].name: expected {PLAIN}, not " + "1:" * 40,
            id="a number in base sixty",
        ),
        pytest.param(
            changed(("name: Buyer", "name: 0b_")),
            f"m.yaml:12: accounts[1].name: expected {PLAIN}, not 0b_",
            id="a number without digits",
        ),
    ],
)
def test_what_is_no_plain_yaml(text, expected):
    """What YAML would read otherwise than it looks is refused, on its line."""
    assert mistakes(text) == [expected]


def test_every_mistake_is_shown_in_the_order_of_lines():
    """Several mistakes of one file are all reported, each with its line."""
    text = changed(
        ("kind: seller", "kind: vendor"),
        ("name: Buyer", "nickname: Buyer"),
        ('price: "0.50"', "price: 0.50"),
        ("2026-01-01T00:00:00Z", "2026-01-01"),
    )
    text += "deals: {}\nfriends: []\n"
    assert mistakes(text) == [
        "m.yaml:5: accounts[0].kind: expected one of seller, buyer, not 'vendor'",
        "m.yaml:12: accounts[1].nickname: expected one of id, name, kind, principals, address, "
        "email_domain, partner, payment_days, collection, disbursement, tax_exemption",
        "m.yaml:24: products[0].dimensions[0].price: expected `str`, got `float`",
        "m.yaml:30: agreements[0].starts: expected an instant with its offset, such as "
        "2026-01-01T00:00:00Z",
        "m.yaml:31: deals: expected a list",
        "m.yaml:32: friends: expected one of accounts, products, agreements, deals, enrollments, "
        "taxes",
    ]


def test_mistakes_before_the_line_where_reading_stops():
    """What was found until then is reported too."""
    assert mistakes("accounts: []\naccounts: []\nproducts: [\n") == [
        "m.yaml:2: accounts: expected accounts once; it stands here a second time",
        f"m.yaml:4: {NO_YAML} did not find expected node content",
    ]


def test_the_refusal_of_a_file():
    """One line for each mistake, as compilers write them; names and lines also one by one."""
    with pytest.raises(MarketFileRefused) as refused:
        read_market_file("friends: []\nfoes: []\n", "m.yaml")
    assert refused.value.why == (
        "m.yaml:1: friends: expected one of accounts, products, agreements, deals, enrollments, "
        "taxes\n"
        "m.yaml:2: foes: expected one of accounts, products, agreements, deals, enrollments, taxes"
    )
    assert [(each.path, each.line) for each in refused.value.located] == [
        ("friends", 1),
        ("foes", 2),
    ]

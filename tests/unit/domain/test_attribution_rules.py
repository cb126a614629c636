"""Percentages, revisions, tags and tokens of revenue measurement."""

import pytest

from builders import refusal_of
from waag.domain.attribution.client_tokens import TokenUse, UsedToken, check_token, fingerprint
from waag.domain.attribution.identifiers import Catalog, ResourceType, Scope
from waag.domain.attribution.percent import WHOLE, format_percent, read_percent
from waag.domain.attribution.records import first_version, new_version, whole_milliseconds
from waag.domain.attribution.refusals import (
    ClientTokenConflict,
    Problem,
    ResourceUnknown,
    RevisionMismatch,
)
from waag.domain.attribution.revisions import check_latest, read_revision, to_read
from waag.domain.attribution.tags import Tag, tag_problems, tags_max, too_many_tags
from waag.wire.generated import revenue_measurement as wire


@pytest.mark.parametrize(
    ("text", "hundredths", "shown"),
    [
        ("0", 0, "0.00"),
        ("0.01", 1, "0.01"),
        ("15.5", 15_50, "15.50"),
        ("15.50", 15_50, "15.50"),
        ("015", 15_00, "15.00"),
        ("100", WHOLE, "100.00"),
        ("100.01", 100_01, "100.01"),
        ("999.99", 999_99, "999.99"),
    ],
)
def test_a_percentage_is_exact(text, hundredths, shown):
    """It is counted in whole hundredths of a percent."""
    assert (read_percent(text), format_percent(read_percent(text))) == (hundredths, shown)


def test_a_revision_of_19_digits_is_read_whole():
    """It may be larger than a store can hold."""
    assert read_revision("9" * 19) == 10**19 - 1


@pytest.mark.parametrize(("submitted", "latest"), [(1, 2), (3, 2), (10**19 - 1, 2)])
def test_a_change_of_another_revision_is_refused(submitted, latest):
    """The message names the revision that was submitted and the current one."""
    kind, why = refusal_of(check_latest, submitted, latest) or (None, "")
    assert (kind, str(submitted) in why, f"current revision is {latest}" in why) == (
        RevisionMismatch,
        True,
        True,
    )


def test_a_change_of_the_latest_revision_is_let_pass():
    """The submitted revision is the current one."""
    assert refusal_of(check_latest, 2, 2) is None


@pytest.mark.parametrize(("asked", "expected"), [(None, 3), (1, 1), (3, 3)])
def test_the_revision_that_is_read(asked, expected):
    """The one asked for, or the latest."""
    assert to_read(asked, 3, "It") == expected


def test_a_revision_to_come_cannot_be_read():
    """The message names the latest there is."""
    assert refusal_of(to_read, 4, 3, "It") == (
        ResourceUnknown,
        "It has no revision 4; its latest is 3.",
    )


DUPLICATE = "The tag key 'a' occurs more than once; each may occur once."
RESERVED = "The tag key 'Aws:x' begins with aws:, which is reserved."


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([], []),
        (["a", "b", "A", " ", "aws"], []),
        (["a", "b", "a"], [Problem("Tags[2].Key", DUPLICATE, "DUPLICATE_VALUE")]),
        (["Aws:x"], [Problem("Tags[0].Key", RESERVED, "INVALID_VALUE")]),
        (
            ["Aws:x", "a", "a", "a"],
            [
                Problem("Tags[0].Key", RESERVED, "INVALID_VALUE"),
                Problem("Tags[2].Key", DUPLICATE, "DUPLICATE_VALUE"),
                Problem("Tags[3].Key", DUPLICATE, "DUPLICATE_VALUE"),
            ],
        ),
    ],
)
def test_all_that_is_wrong_with_tags_is_told(keys, expected):
    """Keys that are given twice, in the same case, and keys that are AWS's own."""
    assert tag_problems([Tag(key, "") for key in keys], "Tags") == expected


@pytest.mark.parametrize(
    ("kind", "most"), [(ResourceType.ATTRIBUTION, 200), (ResourceType.SHARE, 50)]
)
def test_how_many_tags_there_may_be(kind, most):
    """As many as that, and none more."""
    allowed = tags_max(kind, 200)
    found = [too_many_tags(count, allowed) is None for count in (most, most + 1)]
    assert found == [True, False]


SCOPE = Scope("120000000001", Catalog.AWS)


def asked(**given):
    """A request to create an attribution."""
    usual = {"catalog": "AWS", "name": "Analytics", "tenancy_model": "MULTI_TENANT"}
    return wire.CreateRevenueAttributionInput(**(usual | given))


def test_the_same_parameters_have_the_same_fingerprint():
    """However often they come."""
    assert fingerprint(asked()) == fingerprint(asked())


@pytest.mark.parametrize(
    "given",
    [
        {"catalog": "Sandbox"},
        {"name": "analytics"},
        {"description": ""},
        {"tenancy_model": "SINGLE_TENANT"},
        {"product_identifier": "prod-polderanalyt1"},
        {"tags": [wire.Tag(key="a", value="")]},
    ],
)
def test_other_parameters_have_another_fingerprint(given):
    """Each member counts; an empty text is not the same as none."""
    assert fingerprint(asked(**given)) != fingerprint(asked())


@pytest.mark.parametrize(("digest", "expected"), [(b"same", None), (b"other", ClientTokenConflict)])
def test_a_token_stands_for_one_request(digest, expected):
    """With the same parameters it is the same request; with others it is refused."""
    use = TokenUse(SCOPE, "CreateRevenueAttribution", "t-1", b"same")
    refused = refusal_of(check_token, use, UsedToken(digest, b"reply"))
    assert (refused and refused[0]) == expected


@pytest.mark.parametrize(
    ("description", "expected"), [(None, "before"), ("", ""), ("after", "after")]
)
def test_a_new_revision_keeps_the_description_unless_another_is_given(description, expected):
    """An empty one is another one."""
    version = new_version(first_version(1, "before"), 2, description)
    assert (version.revision, version.modified, version.description) == (2, 2, expected)


@pytest.mark.parametrize(("now", "kept"), [(1_999, 1_000), (2_000, 2_000), (-1, -1_000)])
def test_instants_are_kept_to_the_millisecond(now, kept):
    """As they are shown, so that what is shown finds what was kept."""
    assert whole_milliseconds(now) == kept

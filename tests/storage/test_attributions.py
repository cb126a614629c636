"""Attributions on SQLite: what was read before is decided on again where it is written."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from builders import NOW, refusal_of
from waag.domain.attribution.client_tokens import KeptReply, TokenUse, UsedToken
from waag.domain.attribution.identifiers import (
    Catalog,
    Scope,
    attribution_resource,
    share_resource,
)
from waag.domain.attribution.records import (
    Attribution,
    AttributionFilters,
    Direction,
    first_version,
    new_version,
)
from waag.domain.attribution.refusals import (
    AlreadyExists,
    AttributionQuotaExceeded,
    ConcurrentModification,
    FieldsInvalid,
    ResourceUnknown,
)
from waag.domain.attribution.tags import Tag
from waag.domain.refusals import StoreUnavailable
from waag.ports.attribution import AttributionQuery
from waag.storage.attribution.attributions import SqliteAttributions
from waag.storage.attribution.client_tokens import SqliteClientTokens
from waag.storage.attribution.tags import SqliteResourceTags
from waag.storage.database import open_reader
from waag.storage.queries import run
from waag.storage.reader import Reader

SCOPE = Scope("120000000001", Catalog.AWS)
MOST = 1000


def numbered(number: int) -> str:
    """The id of an attribution."""
    return f"ra-{number:013}"


def new(number: int = 1, scope: Scope = SCOPE, name: str | None = None) -> Attribution:
    """A new attribution with a name of its own, made later than those of lower numbers."""
    made = NOW + number
    return Attribution(
        scope,
        numbered(number),
        name or f"Attribution {number}",
        "MULTI_TENANT",
        None,
        made,
        first_version(made, "first"),
        1,
    )


def changed(before: Attribution, description: str, now: int = NOW + 1000) -> Attribution:
    """The revision after one that was read."""
    version = new_version(before.version, now, description)
    return replace(before, version=version, latest=version.revision)


def reply(
    token: str = "t-1",  # noqa: S107 - a client token
    digest: bytes = b"same",
    answer: bytes = b"first",
    used: int = NOW,
) -> KeptReply:
    """A reply to keep for a second."""
    use = TokenUse(SCOPE, "CreateRevenueAttribution", token, digest)
    return KeptReply(use, answer, used, used - 1_000_000)


@pytest.fixture
def reader(request, ledger, files):
    """A connection beside the writer's, who has made the tables."""
    request.getfixturevalue("writer")
    opened = Reader(open_reader(ledger, vfs=files.name))
    yield opened
    opened.close()


@pytest.fixture
def attributions(writer, reader):
    """The store; of another service of the same server it would be another one."""
    return SqliteAttributions(writer, reader)


@pytest.fixture
def tags(writer, reader):
    """The tags."""
    return SqliteResourceTags(writer, reader)


def kept(writer, table: str) -> int:
    """How many rows a table has."""
    return writer.change(lambda connection: run(connection, COUNTED[table]))[0][0]


COUNTED: Mapping[str, str] = {
    "attribution": "SELECT count(*) FROM attribution",
    "version": "SELECT count(*) FROM attribution_version",
    "tag": "SELECT count(*) FROM attribution_tag",
    "token": "SELECT count(*) FROM attribution_client_token",
}


class TestRevisions:
    """Every revision is kept; the latest decides who may make the next."""

    def test_what_was_created_is_read(self, attributions):
        """To the last field."""
        attributions.create(new(), (), MOST, None)
        assert attributions.attribution(SCOPE, numbered(1)) == new()

    @pytest.mark.parametrize(
        "scope", [Scope("120000000002", Catalog.AWS), Scope("120000000001", Catalog.SANDBOX)]
    )
    def test_another_scope_has_it_not(self, attributions, scope):
        """Accounts and catalogs have nothing in common."""
        attributions.create(new(), (), MOST, None)
        assert attributions.attribution(scope, numbered(1)) is None

    def test_an_earlier_revision_is_read_as_it_was(self, attributions):
        """With what it said, and with the revision that there is by now."""
        attributions.create(new(), (), MOST, None)
        attributions.update(changed(new(), "second"), None)
        assert attributions.attribution(SCOPE, numbered(1), 1) == replace(new(), latest=2)

    def test_a_revision_to_come_is_not_there(self, attributions):
        """There is nothing to be read of it."""
        attributions.create(new(), (), MOST, None)
        assert attributions.attribution(SCOPE, numbered(1), 2) is None

    def test_of_two_who_have_read_the_same_revision_one_writes(self, attributions, writer, reader):
        """The other is told that somebody was faster, and has changed nothing."""
        attributions.create(new(), (), MOST, None)
        other = SqliteAttributions(writer, reader)
        read = [each.attribution(SCOPE, numbered(1)) for each in (attributions, other)]
        attributions.update(changed(read[0], "mine"), None)
        refused = refusal_of(other.update, changed(read[1], "theirs"), None)
        assert (refused and refused[0]) is ConcurrentModification
        assert attributions.attribution(SCOPE, numbered(1)).version.description == "mine"

    def test_a_write_that_lost_has_kept_no_reply(self, attributions, writer):
        """Its token may be sent again with what would pass."""
        attributions.create(new(), (), MOST, None)
        attributions.update(changed(new(), "mine"), None)
        refusal_of(attributions.update, changed(new(), "theirs"), reply())
        assert (kept(writer, "token"), kept(writer, "version")) == (0, 2)


class TestCreation:
    """Names are given once, and there are no more than there may be."""

    def test_a_name_is_given_once(self, attributions):
        """The refusal names who has it."""
        attributions.create(new(1, name="A"), (), MOST, None)
        kind, why = refusal_of(attributions.create, new(2, name="A"), (), MOST, None)
        assert (kind, numbered(1) in why) == (AlreadyExists, True)

    @pytest.mark.parametrize(
        "other", [new(2, name="a"), new(2, Scope("120000000001", Catalog.SANDBOX), "A")]
    )
    def test_a_name_in_another_case_or_catalog_is_another(self, attributions, other):
        """Both may be created."""
        attributions.create(new(1, name="A"), (), MOST, None)
        attributions.create(other, (), MOST, None)
        assert attributions.attribution(other.scope, other.id) == other

    def test_one_more_than_there_may_be_is_refused(self, attributions):
        """The refusal says how many there may be."""
        attributions.create(new(1), (), 2, None)
        attributions.create(new(2), (), 2, None)
        kind, why = refusal_of(attributions.create, new(3), (), 2, None)
        assert (kind, "There are 2 revenue attributions" in why) == (AttributionQuotaExceeded, True)

    def test_other_scopes_do_not_count(self, attributions):
        """Each account and catalog may have as many."""
        attributions.create(new(1), (), 1, None)
        other = new(2, Scope("120000000001", Catalog.SANDBOX))
        assert refusal_of(attributions.create, other, (), 1, None) is None

    def test_what_is_refused_leaves_nothing(self, attributions, writer):
        """Neither tags nor a reply."""
        attributions.create(new(1), (), 1, None)
        refusal_of(attributions.create, new(2), (Tag("a", "b"),), 1, reply())
        assert [kept(writer, table) for table in COUNTED] == [1, 1, 0, 0]

    def test_a_store_that_cannot_write_keeps_nothing(self, attributions, files):
        """The caller is told that the store is unavailable."""
        files.failing = True
        refused = refusal_of(attributions.create, new(), (), MOST, None)
        assert (refused and refused[0]) is StoreUnavailable


class TestTokens:
    """A token stands for one reply, as long as it lasts."""

    def test_a_reply_is_kept_with_what_it_tells(self, attributions, reader):
        """To the letter."""
        attributions.create(new(), (), MOST, reply())
        tokens = SqliteClientTokens(reader)
        assert tokens.used(reply().use, NOW - 1) == UsedToken(b"same", b"first")

    def test_a_token_that_stands_for_something_keeps_the_write_from_being_done(
        self, attributions, writer
    ):
        """What it stands for is answered, whatever the request is."""
        attributions.create(new(1), (), MOST, reply())
        standing = attributions.create(new(2), (), MOST, reply(answer=b"second"))
        assert (standing, kept(writer, "attribution")) == (UsedToken(b"same", b"first"), 1)

    @pytest.mark.parametrize(
        "use",
        [
            replace(reply().use, token="T-1"),
            replace(reply().use, operation="UpdateRevenueAttribution"),
            replace(reply().use, scope=Scope("120000000001", Catalog.SANDBOX)),
            replace(reply().use, scope=Scope("120000000002", Catalog.AWS)),
        ],
    )
    def test_a_token_is_of_one_operation_of_one_scope(self, attributions, reader, use):
        """Elsewhere, or in another case, it stands for nothing."""
        attributions.create(new(), (), MOST, reply())
        assert SqliteClientTokens(reader).used(use, NOW - 1) is None

    @pytest.mark.parametrize(("passed", "stands"), [(999_999, True), (1_000_000, False)])
    def test_a_token_lasts_so_long(self, attributions, writer, passed, stands):
        """Afterwards it stands for what comes then."""
        attributions.create(new(1), (), MOST, reply())
        later = reply(answer=b"second", used=NOW + passed)
        standing = attributions.create(new(2), (), MOST, later)
        assert (standing is not None, kept(writer, "token")) == (stands, 1)

    def test_tokens_that_have_expired_are_forgotten(self, attributions, writer):
        """A few with each that comes, so that they do not pile up."""
        for number in range(1, 10):
            attributions.create(new(number), (), MOST, reply(f"t-{number}"))
        for number in range(10, 13):
            later = reply(f"t-{number}", used=NOW + 2_000_000)
            attributions.create(new(number), (), MOST, later)
        assert kept(writer, "token") == 3


def walk(attributions, direction, limit, between=lambda _: None, filters=None):
    """The ids and revisions of a list page by page; `between` is told how many pages there were."""
    after, found, pages = None, [], 0
    while pages == 0 or after is not None:
        query = AttributionQuery(SCOPE, filters or AttributionFilters(), direction, after, limit)
        page = attributions.page(query)
        found += [(each.id, each.latest) for each in page.attributions]
        after, pages = page.end, pages + 1
        between(pages)
    return found


class TestPages:
    """All pages of a list show how things were when it was begun."""

    @pytest.fixture
    def five(self, attributions):
        """Five attributions; the second was changed last, at the instant of the fifth."""
        for number in range(1, 6):
            attributions.create(new(number), (), MOST, None)
        attributions.update(changed(new(2), "second", NOW + 5), None)
        attributions.create(new(6, Scope("120000000002", Catalog.AWS)), (), MOST, None)
        return attributions

    ORDER = (1, 3, 4, 2, 5)

    @pytest.mark.parametrize("limit", [1, 2, 4, 5, 6])
    @pytest.mark.parametrize("direction", list(Direction))
    def test_pages_of_any_size_are_the_same_list(self, five, direction, limit):
        """By when they were modified, then by id; each once."""
        order = self.ORDER if direction is Direction.ASCENDING else self.ORDER[::-1]
        expected = [(numbered(each), 2 if each == 2 else 1) for each in order]
        assert walk(five, direction, limit) == expected

    @pytest.mark.parametrize("direction", list(Direction))
    def test_changes_between_pages_do_not_show(self, five, direction):
        """Neither what is changed, seen or not, nor what is created meanwhile."""

        def change(pages):
            if pages == 2:
                for number in (1, 3, 5):
                    read = five.attribution(SCOPE, numbered(number))
                    five.update(changed(read, "later", NOW + 2000), None)
                five.create(new(7), (), MOST, None)

        before = walk(five, direction, 10)
        assert walk(five, direction, 1, change) == before

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (AttributionFilters(ids=frozenset({numbered(4), numbered(2), "ra-x"})), [2, 4]),
            (AttributionFilters(ids=frozenset()), []),
            (AttributionFilters(created_from=NOW + 3), [5, 4, 3]),
            (AttributionFilters(created_until=NOW + 3), [2, 3, 1]),
            (AttributionFilters(created_from=NOW + 3, created_until=NOW + 3), [3]),
            (AttributionFilters(frozenset({numbered(2)}), created_from=NOW + 3), []),
        ],
    )
    def test_what_every_filter_lets_pass_is_listed(self, five, filters, expected):
        """The instants of creation are included at both ends."""
        found = walk(five, Direction.DESCENDING, 2, filters=filters)
        assert [each for each, _ in found] == [numbered(number) for number in expected]

    def test_filters_hold_for_what_was_changed_meanwhile(self, five):
        """As for everything else."""

        def change(pages):
            if pages == 1:
                read = five.attribution(SCOPE, numbered(1))
                five.update(changed(read, "later", NOW + 2000), None)

        filters = AttributionFilters(created_until=NOW + 2)
        found = walk(five, Direction.DESCENDING, 1, change, filters)
        assert found == [(numbered(2), 2), (numbered(1), 1)]


class TestTags:
    """Tags are of a resource that there is, each key once."""

    RESOURCE = attribution_resource(SCOPE, numbered(1))

    @pytest.fixture(autouse=True)
    def _created(self, attributions):
        attributions.create(new(), (Tag("b", "2"), Tag("a", "1")), MOST, None)

    def test_they_are_told_in_order_of_keys(self, tags):
        """Those that the resource was created with."""
        assert list(tags.tags(self.RESOURCE).items()) == [("a", "1"), ("b", "2")]

    def test_a_key_that_is_there_has_the_new_value(self, tags):
        """Others stay; a key in another case is another key."""
        tags.set_tags(self.RESOURCE, (Tag("b", ""), Tag("B", "3")), 3)
        assert tags.tags(self.RESOURCE) == {"B": "3", "a": "1", "b": ""}

    def test_more_than_there_may_be_are_refused_all(self, tags):
        """None of them is kept."""
        refused = refusal_of(tags.set_tags, self.RESOURCE, (Tag("a", "9"), Tag("c", "3")), 2)
        assert (refused and refused[0]) is FieldsInvalid
        assert tags.tags(self.RESOURCE) == {"a": "1", "b": "2"}

    def test_tags_are_taken_away_whether_they_are_there_or_not(self, tags):
        """Those that are not named stay."""
        tags.remove_tags(self.RESOURCE, ["a", "zebra"])
        assert tags.tags(self.RESOURCE) == {"b": "2"}

    UNKNOWN = (
        attribution_resource(SCOPE, numbered(2)),
        attribution_resource(Scope("120000000001", Catalog.SANDBOX), numbered(1)),
        share_resource(SCOPE, "prod-polderanalyt1"),
    )

    @pytest.mark.parametrize("resource", UNKNOWN, ids=lambda each: each.arn)
    def test_what_there_is_not_has_no_tags(self, tags, resource):
        """They can neither be told, nor added, nor taken away."""
        refused = [
            refusal_of(tags.set_tags, resource, (Tag("a", "1"),), 5),
            refusal_of(tags.remove_tags, resource, ["a"]),
        ]
        assert tags.tags(resource) is None
        assert [each and each[0] for each in refused] == [ResourceUnknown, ResourceUnknown]

    def test_what_has_no_tags_is_told_so(self, tags):
        """It is not the same as what there is not."""
        tags.remove_tags(self.RESOURCE, ["a", "b"])
        assert tags.tags(self.RESOURCE) == {}

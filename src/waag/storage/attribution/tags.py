"""Tags of attributions and shares on SQLite."""

from collections.abc import Mapping, Sequence

import apsw

from waag.domain.attribution.identifiers import Resource
from waag.domain.attribution.refusals import FieldsInvalid, ResourceUnknown
from waag.domain.attribution.tags import Tag, too_many_tags
from waag.storage.queries import query, query_many
from waag.storage.reader import Reader
from waag.storage.writer import Writer


class SqliteResourceTags:
    """Implements the port `ResourceTags`.

    Args:
        writer: who owns the connection that writes.
        reader: of the same ledger.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def tags(self, resource: Resource) -> Mapping[str, str] | None:
        """See `waag.ports.attribution.ResourceTags.tags`."""
        tags = self._reader.rows("attribution_tags", _key(resource))
        if not tags and not self._reader.rows(_existence(resource), _name(resource)):
            return None
        return dict(tags)

    def set_tags(self, resource: Resource, tags: Sequence[Tag], most: int) -> None:
        """See `waag.ports.attribution.ResourceTags.set_tags`."""

        def put(connection: apsw.Connection) -> None:
            _check_existence(connection, resource)
            put_tags(connection, resource, tags)
            kept = query(connection, "attribution_tags", _key(resource))
            problem = too_many_tags(len(kept), most)
            if problem is not None:
                raise FieldsInvalid((problem,))

        self._writer.change(put)

    def remove_tags(self, resource: Resource, keys: Sequence[str]) -> None:
        """See `waag.ports.attribution.ResourceTags.remove_tags`."""

        def remove(connection: apsw.Connection) -> None:
            _check_existence(connection, resource)
            rows = ((*_key(resource), key) for key in keys)
            query_many(connection, "remove_attribution_tag", rows)

        self._writer.change(remove)


def put_tags(connection: apsw.Connection, resource: Resource, tags: Sequence[Tag]) -> None:
    """Keep tags of a resource, within a transaction of the writer."""
    rows = ((*_key(resource), tag.key, tag.value) for tag in tags)
    query_many(connection, "put_attribution_tag", rows)


def _check_existence(connection: apsw.Connection, resource: Resource) -> None:
    if not query(connection, _existence(resource), _name(resource)):
        raise ResourceUnknown(f"There is no resource {resource.arn}.")


def _existence(resource: Resource) -> str:
    return f"resource_{resource.type.value.replace('-', '_')}"


def _name(resource: Resource) -> tuple[str, str, str]:
    return resource.scope.account_id, resource.scope.catalog.value, resource.id


def _key(resource: Resource) -> tuple[str, str, str, str]:
    scope = resource.scope
    return scope.account_id, scope.catalog.value, resource.type.value, resource.id

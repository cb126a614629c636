"""Tags of attributions and shares: added, taken away, listed."""

from collections.abc import Sequence

from waag.domain.attribution.identifiers import Resource, read_resource_arn
from waag.domain.attribution.refusals import ResourceUnknown
from waag.domain.attribution.tags import Tag, tags_max
from waag.ports.attribution import ResourceTags


class Tagging:
    """The operations on tags. They have no client token: doing them again changes nothing.

    Args:
        tags: keeps them.
        attribution_tags_max: how many an attribution may have.
    """

    def __init__(self, tags: ResourceTags, attribution_tags_max: int) -> None:
        self._tags = tags
        self._attribution_tags_max = attribution_tags_max

    def tag(self, arn: str, tags: Sequence[Tag], account_id: str) -> None:
        """Add tags to a resource, or give those it has another value.

        Raises:
            ResourceUnknown: the account has no such resource.
            FieldsInvalid: the resource would have too many tags.
            StoreUnavailable: the store could not write.
        """
        resource = _own(arn, account_id)
        self._tags.set_tags(resource, tags, tags_max(resource.type, self._attribution_tags_max))

    def untag(self, arn: str, keys: Sequence[str], account_id: str) -> None:
        """Take tags away from a resource, whether it has them or not.

        Raises:
            ResourceUnknown: the account has no such resource.
            StoreUnavailable: the store could not write.
        """
        self._tags.remove_tags(_own(arn, account_id), keys)

    def tags_of(self, arn: str, account_id: str) -> Sequence[Tag]:
        """The tags of a resource, in order of their keys.

        Raises:
            ResourceUnknown: the account has no such resource.
            StoreUnavailable: the store could not be read.
        """
        found = self._tags.tags(_own(arn, account_id))
        if found is None:
            raise ResourceUnknown(f"There is no resource {arn}.")
        return [Tag(key, value) for key, value in found.items()]


def _own(arn: str, account_id: str) -> Resource:
    resource = read_resource_arn(arn)
    if resource is None or resource.scope.account_id != account_id:
        raise ResourceUnknown(f"There is no resource {arn} of account {account_id}.")
    return resource

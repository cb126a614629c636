"""Tags of attributions and shares: which may be set together, and how many there may be."""

from collections.abc import Sequence

import msgspec

from waag.domain.attribution.identifiers import ResourceType
from waag.domain.attribution.refusals import Problem

RESERVED_PREFIX = "aws:"
"""Keys that begin so, in any case, are AWS's own. Source: Tagging AWS resources, tag naming."""

SHARE_TAGS_MAX = 50
"""Source: MarketplaceRevenueShareTagList."""


class Tag(msgspec.Struct, frozen=True):
    """A key, which a resource has once, and a value, which may be empty."""

    key: str
    value: str


def tag_problems(tags: Sequence[Tag], name: str) -> Sequence[Problem]:
    """What is wrong with tags that are to be set together, whatever they are set on.

    Args:
        tags: as submitted.
        name: what the request calls their list.
    """
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, tag in enumerate(tags):
        where = f"{name}[{index}].Key"
        if tag.key in seen:
            message = f"The tag key {tag.key!r} occurs more than once; each may occur once."
            problems.append(Problem(where, message, "DUPLICATE_VALUE"))
        if tag.key.lower().startswith(RESERVED_PREFIX):
            message = f"The tag key {tag.key!r} begins with {RESERVED_PREFIX}, which is reserved."
            problems.append(Problem(where, message, "INVALID_VALUE"))
        seen.add(tag.key)
    return problems


def tags_max(kind: ResourceType, attribution_tags_max: int) -> int:
    """How many tags a resource may have."""
    return SHARE_TAGS_MAX if kind is ResourceType.SHARE else attribution_tags_max


def too_many_tags(count: int, most: int) -> Problem | None:
    """What is wrong with so many tags as a resource would have, if there are too many."""
    if count <= most:
        return None
    message = f"The resource would have {count} tags; at most {most} are allowed."
    return Problem("tags", message, "TOO_MANY_VALUES")

"""What must hold of the allocations of a quantity: they add up, and each is told from the others.

Source: meteringmarketplace/2016-01-14, UsageAllocation and the members that list them.
"""

from collections.abc import Sequence

from waag.domain.metering import Allocation
from waag.domain.quantities import to_decimal
from waag.domain.refusals import AllocationsMismatch, TagInvalid

TAG_KEYS_MAX = 5
"""Distinct tag keys over all allocations of a record. Source: AWS Marketplace Seller Guide."""


def check_allocations(
    where: str, allocations: Sequence[Allocation], quantity: int, *, is_decimal: bool
) -> None:
    """Allocations are of the record's kind, differ in their tags, and add up by value.

    Args:
        where: how messages name the list.
        allocations: of one record.
        quantity: the record's, in micro-units.
        is_decimal: which of the two quantity fields the record uses.

    Raises:
        AllocationsMismatch: they do not.
    """
    for place, allocation in enumerate(allocations):
        if allocation.is_decimal is not is_decimal:
            raise AllocationsMismatch(
                f"{where}[{place}]: a record with {_kind(is_decimal)} takes allocations "
                f"of that kind only, not {_kind(allocation.is_decimal)}."
            )
    tag_sets = {frozenset(allocation.tags) for allocation in allocations}
    if len(tag_sets) < len(allocations):
        raise AllocationsMismatch(f"{where}: two allocations have the same set of tags.")
    total = sum(allocation.quantity for allocation in allocations)
    if total != quantity:
        raise AllocationsMismatch(
            f"{where} add up to {to_decimal(total)}, the record's quantity is "
            f"{to_decimal(quantity)}."
        )


def check_tags(where: str, allocations: Sequence[Allocation]) -> None:
    """A key stands once in an allocation, and there are few over all of them.

    Args:
        where: how messages name the list.
        allocations: of one record.

    Raises:
        TagInvalid: a key twice, or more than `TAG_KEYS_MAX`.
    """
    keys: set[str] = set()
    for place, allocation in enumerate(allocations):
        tag_keys = [key for key, _ in allocation.tags]
        if len(set(tag_keys)) < len(tag_keys):
            raise TagInvalid(f"{where}[{place}]: a tag key stands twice in {tag_keys}.")
        keys.update(tag_keys)
    if len(keys) > TAG_KEYS_MAX:
        raise TagInvalid(
            f"{where}: {len(keys)} distinct tag keys; a record has {TAG_KEYS_MAX} at most."
        )


def _kind(is_decimal: bool) -> str:  # noqa: FBT001 - the flag is the record's own field
    return "a decimal quantity" if is_decimal else "a whole quantity"

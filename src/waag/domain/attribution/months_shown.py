"""How the months of an attribution are shared: what is allocated of each, and what remains."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from waag.domain.attribution.allocations import Allocation
from waag.domain.attribution.batch_records import part_of
from waag.domain.attribution.months import Month
from waag.domain.attribution.percent import WHOLE, Hundredths


class SharedMonths(msgspec.Struct, frozen=True):
    """Months one after another that are shared alike, from `first` to `last`.

    Attributes:
        allocations: the active ones, in the order given.
    """

    first: Month
    last: Month
    allocated: Hundredths
    allocations: Sequence[Allocation]

    @property
    def remaining(self) -> Hundredths:
        """What is not allocated of each month."""
        return WHOLE - self.allocated


def shared_months(allocations: Iterable[Allocation]) -> Sequence[SharedMonths]:
    """The months that something is allocated of, in order."""
    begin: dict[Month, list[Allocation]] = defaultdict(list)
    end: dict[Month, set[str]] = defaultdict(set)
    for each in allocations:
        part = part_of(each)
        if part.is_active:
            begin[part.first].append(each)
            end[part.last + 1].add(each.id)
    shown: list[SharedMonths] = []
    current: list[Allocation] = []
    for month, after in pairwise(sorted({*begin, *end})):
        ended = end[month]
        current = [each for each in current if each.id not in ended] + begin[month]
        if current:
            allocated = sum(each.hundredths for each in current)
            shown.append(SharedMonths(month, after - 1, allocated, current))
    return shown

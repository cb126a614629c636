"""What the records of a batch come to together, beside what stands: sums and overlaps by month.

Both are found over the months in which something begins or ends, so that it costs no more to judge
a span of a century than one of a month.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from waag.domain.attribution.allocations import Allocation, Claim, deal_called, deal_id
from waag.domain.attribution.batch_records import Findings, Part, Placed, span_of
from waag.domain.attribution.months import Month, format_month
from waag.domain.attribution.percent import WHOLE, Hundredths, format_percent


def check_claims(
    placed: Sequence[Placed], beside: Sequence[Allocation], opened: Month, found: Findings
) -> None:
    """No deal has two active allocations for one customer in one month.

    Where two records clash, the error is the later one's.

    Args:
        placed: in the order of the records.
        beside: the active allocations that the batch leaves alone.
        opened: the months before are not looked at.
        found: where errors go.
    """
    claims = {each.claim for each in placed if each.part.is_active}
    named = {deal for _, deal, _ in claims}
    taken: dict[Claim, list[tuple[Month, Month, str]]] = defaultdict(list)
    for each in beside:
        if deal_id(each.entity) in named and (claim := each.claim) in claims:
            first, last, _ = span_of(each.effective_from, each.effective_until)
            taken[claim].append((first, last, each.id))
    for spans in taken.values():
        spans.sort()
    for each in placed:
        if not each.part.is_active:
            continue
        spans = taken[each.claim]
        # Of the spans that begin in time, the last one ends last, since none overlaps another.
        place = bisect_right(spans, (each.part.last + 1,))
        if place:
            first, last, other = spans[place - 1]
            month = max(first, each.part.first, opened)
            if month <= min(last, each.part.last):
                found.add(each.record, "INVALID_VALUE", _clash(each, month, other))
                continue
        name = f"record {each.record} of this batch"
        spans.insert(place, (each.part.first, each.part.last, name))


def check_cap(
    placed: Sequence[Placed], beside: Sequence[Allocation], opened: Month, found: Findings
) -> None:
    """In no month do active allocations come to more than a hundred percent.

    The error is that of each record that adds to a month which would have too much.

    Args:
        placed: see `check_claims`; so are the others.
        beside: likewise.
        opened: likewise.
        found: likewise.
    """
    over = list(_over_full(_steps(placed, beside), opened))
    lasts = [last for _, last, _ in over]
    for each in placed:
        for first, last in _raised(each.was, each.part):
            place = bisect_left(lasts, first)
            if place < len(over) and over[place][0] <= last:
                month, _, total = over[place]
                message = _too_much(max(month, first), total)
                found.add(each.record, "ALLOCATION_CAP_EXCEEDED", message)
                break


def _clash(placed: Placed, month: Month, other: str) -> str:
    change = placed.change
    return (
        f"{deal_called(change.entity_type, change.entity)} has another active allocation for the "
        f"same customer in {format_month(month)}: {other}."
    )


def _too_much(month: Month, total: Hundredths) -> str:
    return (
        f"The active allocations of {format_month(month)} would come to {format_percent(total)} "
        f"percent, {format_percent(total - WHOLE)} more than there is."
    )


def _steps(placed: Sequence[Placed], beside: Sequence[Allocation]) -> Mapping[Month, Hundredths]:
    """By how much the sum of a month differs from that of the month before, where it does."""
    by_span: dict[tuple[str, str], Hundredths] = defaultdict(int)
    for allocation in beside:
        by_span[allocation.effective_from, allocation.effective_until] += allocation.hundredths
    steps: dict[Month, Hundredths] = defaultdict(int)
    for span, hundredths in by_span.items():
        first, last, _ = span_of(*span)
        steps[first] += hundredths
        steps[last + 1] -= hundredths
    for each in placed:
        if each.part.is_active:
            steps[each.part.first] += each.part.hundredths
            steps[each.part.last + 1] -= each.part.hundredths
    return steps


def _over_full(
    steps: Mapping[Month, Hundredths], opened: Month
) -> Iterator[tuple[Month, Month, Hundredths]]:
    """Spans of months with more than there is, in order: the first, the last, the sum in each."""
    total = 0
    for month, after in pairwise(sorted(steps)):
        total += steps[month]
        if total > WHOLE and after > opened:
            yield max(month, opened), after - 1, total


def _raised(was: Part | None, part: Part) -> Iterator[tuple[Month, Month]]:
    """The spans of months in which a record adds to the sum."""
    if not part.is_active or part.hundredths == 0:
        return
    if was is None or not was.is_active or was.hundredths < part.hundredths:
        yield part.first, part.last
        return
    if part.first < was.first:
        yield part.first, min(part.last, was.first - 1)
    if part.last > was.last:
        yield max(part.first, was.last + 1), part.last

"""Decisions left to chance, made of numbers that are handed in."""

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TypeVar

import msgspec

T = TypeVar("T")

PERCENT = 100


class Chances(msgspec.Struct, frozen=True):
    """Decides by numbers.

    Attributes:
        draw: the next number, from 0 to below 1. No other kind of random number is asked for,
            since only this one is the same in every version of Python.
    """

    draw: Callable[[], float]

    def happens(self, percent: int) -> bool:
        """Whether something comes true that does so in so many of a hundred cases."""
        return self.draw() * PERCENT < percent

    def whole(self, first: int, last: int) -> int:
        """A whole number between two, both possible."""
        return first + int(self.draw() * (last - first + 1))

    def one_of(self, values: Sequence[T]) -> T:
        """One of some values, each as likely as any."""
        return values[int(self.draw() * len(values))]

    def weighted(self, values: Sequence[tuple[T, int]]) -> T:
        """One of some values; the number beside each is how likely it is among them."""
        bounds = list(accumulate(weight for _, weight in values))
        drawn = self.draw() * bounds[-1]
        return next(
            value for (value, _), bound in zip(values, bounds, strict=True) if drawn < bound
        )

"""Decisions made of numbers that are handed in."""

from collections import Counter

import pytest

from waag.domain.simulation.chances import Chances


def drawing(number: float) -> Chances:
    """Chances that are always the same."""
    return Chances(lambda: number)


@pytest.mark.parametrize(
    ("number", "percent", "happens"),
    [(0.0, 1, True), (0.0, 0, False), (0.49, 50, True), (0.5, 50, False), (0.999, 100, True)],
)
def test_something_happens_in_so_many_of_a_hundred_cases(number, percent, happens):
    """What is drawn lies below the percent, or does not."""
    assert drawing(number).happens(percent) is happens


@pytest.mark.parametrize(("number", "whole"), [(0.0, 3), (0.34, 4), (0.999, 5)])
def test_both_ends_of_a_range_are_possible(number, whole):
    """From the first to the last number."""
    assert drawing(number).whole(3, 5) == whole


@pytest.mark.parametrize(("number", "value"), [(0.0, "a"), (0.24, "a"), (0.25, "b"), (0.999, "b")])
def test_values_are_as_likely_as_their_weights(number, value):
    """One of four is the first, three of four are the second."""
    assert drawing(number).weighted([("a", 1), ("b", 3)]) == value


def test_each_value_of_a_sequence_comes_up():
    """Evenly drawn numbers give even values."""
    drawn = Counter(drawing(number / 9).one_of("abc") for number in range(9))
    assert drawn == {"a": 3, "b": 3, "c": 3}

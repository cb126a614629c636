"""docs/data-sets.md names every data set and column, and what is left empty."""

import re
from pathlib import Path

import pytest

from waag.analytics.sql_data_sets import DEFINITIONS

TEXT = (Path(__file__).parents[2] / "docs" / "data-sets.md").read_text(encoding="utf-8")
SECTIONS = {
    heading.strip(): body
    for heading, body in re.findall(r"^##+ (.*)\n((?:(?!^##).*\n)*)", TEXT, re.MULTILINE)
}
EMPTY = SECTIONS["What is left empty"]


def described(section):
    """The columns in the first cells of a section's table."""
    rows = re.findall(r"^\| (.*?) \|", SECTIONS[section], re.MULTILINE)
    return {name for row in rows for name in row.split(", ")} - {"column"}


@pytest.mark.parametrize("data_set", DEFINITIONS)
def test_every_column_is_described(data_set):
    """Its own section has it, or the one of columns that many have, or it is left empty."""
    known = described(data_set) | described("Columns that many have")
    columns = [each.name for each in DEFINITIONS[data_set].columns if each.field is not None]
    assert [name for name in columns if name not in known] == []


@pytest.mark.parametrize("data_set", DEFINITIONS)
def test_nothing_else_is_described(data_set):
    """A section speaks of no column that its data set has not."""
    columns = {each.name for each in DEFINITIONS[data_set].columns}
    assert described(data_set) - columns == set()


def test_what_is_left_empty():
    """The table has every column without a value, and no other."""
    listed = set(re.findall(r"^\| (\w+) \| (.*?) \|", EMPTY, re.MULTILINE))
    empty = {
        (definition.name, column.name)
        for definition in DEFINITIONS.values()
        for column in definition.columns
        if column.field is None
    }
    assert listed == empty

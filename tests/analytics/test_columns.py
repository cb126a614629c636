"""The columns of every data set, as the facts about AWS's files have them."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from history import ODD_TITLE

from waag.analytics.sql_data_sets import DEFINITIONS
from waag.domain.analytics.data_sets import DATA_SET_TYPES

COLUMNS = dict(
    line.split(": ", 1) for line in Path(__file__).with_name("columns.txt").read_text().splitlines()
)
DAY = "2026-03-15"


@pytest.mark.parametrize("data_set", COLUMNS)
def test_the_header(past, data_set):
    """The names of the columns and their order are those of AWS's."""
    header = next(csv.reader(StringIO(past.csv(data_set, DAY).decode())))
    assert " | ".join(header) == COLUMNS[data_set]


def test_every_type_is_built_whose_columns_are_known():
    """All of the model's types but the four that nobody can build."""
    known = {name for name, kind in DATA_SET_TYPES.items() if kind.unknown is None}
    assert (set(DEFINITIONS), set(COLUMNS)) == (known, known)


def test_an_odd_title(past):
    """A title with quotes, a comma, a line feed and a leading = is read back as it is."""
    assert past.picked("monthly_revenue_field_demonstration_usage", DAY, "Product Title") == [
        (ODD_TITLE,)
    ]

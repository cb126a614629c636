"""The exact bytes of a file of rows."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waag.delivery.csv_bytes import ROWS_AT_ONCE, csv_bytes
from waag.domain.analytics.data_sets import DataSet

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))


def written(*rows, columns=("A", "B")):
    """The file."""
    return b"".join(csv_bytes(DataSet(columns, iter(rows))))


def test_a_header_alone():
    """Is all that a data set without rows has."""
    assert written() == b'"A","B"\n'


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("plain", b'"plain"'),
        ("", b'""'),
        ('say "a"', b'"say ""a"""'),
        ("a,b", b'"a,b"'),
        ("a\nb", b'"a\nb"'),
        ("a\r\nb", b'"a\r\nb"'),
        ("=SUM(A1)", b'"=SUM(A1)"'),
        ("+1", b'"+1"'),
        (" ", b'" "'),
        ("000011112222", b'"000011112222"'),
        ("🌷 €", '"🌷 €"'.encode()),
    ],
)
def test_a_value_is_written_as_it_is(value, field):
    """In double quotes, which it has doubled itself."""
    assert written((value, "x")) == b'"A","B"\n' + field + b',"x"\n'


@given(st.lists(st.tuples(TEXT, TEXT), max_size=20))
def test_whoever_reads_it_gets_the_rows(rows):
    """Whatever they hold."""
    text = written(*rows).decode()
    assert list(csv.reader(StringIO(text, newline=""), strict=True)) == [
        ["A", "B"],
        *map(list, rows),
    ]


def test_pieces_are_small():
    """However many rows there are; none is lost between two."""
    rows = [(str(number), "x") for number in range(2 * ROWS_AT_ONCE + 1)]
    pieces = list(csv_bytes(DataSet(("A", "B"), iter(rows))))
    assert [piece.count(b"\n") for piece in pieces] == [1, ROWS_AT_ONCE, ROWS_AT_ONCE, 1]


def test_a_row_that_does_not_fit():
    """Is a fault of whoever built it."""
    with pytest.raises(ValueError, match=r"a row has 1 values for 2 columns: \('3',\)"):
        written(("1", "2"), ("3",))

"""Rows as the exact bytes of a CSV file.

UTF-8 without a byte order mark, every field in double quotes, a line feed at the end of each line,
the header first. Values are written as they are: one that begins with `=` stays so, since whoever
reads the file has to get the value itself.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from waag.domain.analytics.data_sets import DataSet

ROWS_AT_ONCE = 500
"""How many rows a piece has."""


def csv_bytes(data_set: DataSet) -> Iterator[bytes]:
    """The file, in pieces.

    Raises:
        ValueError: a row has another number of values than there are columns.
    """
    lines = StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(data_set.columns)
    width = len(data_set.columns)
    for number, row in enumerate(data_set.rows, 1):
        if len(row) != width:
            raise ValueError(f"row {number} has {len(row)} values for {width} columns")
        writer.writerow(row)
        if number % ROWS_AT_ONCE == 0:
            yield lines.getvalue().encode()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue().encode()

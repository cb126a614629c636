"""Content cut to the parts of an upload."""

import pytest

from waag.delivery.uploads import in_parts


@pytest.mark.parametrize(
    ("pieces", "parts"),
    [
        ([], [b""]),
        ([b""], [b""]),
        ([b"ab"], [b"ab"]),
        ([b"abc"], [b"abc"]),
        ([b"ab", b"cd"], [b"abc", b"d"]),
        ([b"abcdefg"], [b"abc", b"def", b"g"]),
        ([b"abc", b"def"], [b"abc", b"def"]),
        ([b"a", b"", b"b", b"c", b"d"], [b"abc", b"d"]),
    ],
)
def test_parts(pieces, parts):
    """All of one size but the last; the only one may be empty."""
    assert list(in_parts(iter(pieces), 3)) == parts

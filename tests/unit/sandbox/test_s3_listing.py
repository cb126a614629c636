"""Pages of keys, with prefixes and delimiters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waag.domain.objects import StoredObject
from waag.sandbox.s3_listing import list_page

KEYS = ("a", "a/1", "a/2", "b/c/1", "b/d", "ü", "ü/1")


def fetching(keys):
    """What a store of these keys answers."""
    stored = sorted(keys, key=str.encode)

    def fetch(after, before, limit):
        found = [key for key in stored if after < key.encode() < before]
        return [StoredObject(key, 0, "", 0, {}, {}) for key in found[:limit]]

    return fetch


def paged(keys, prefix="", delimiter="", limit=1000):
    """All pages, each as its keys and common prefixes in order."""
    pages, after = [], ""
    while True:
        page = list_page(fetching(keys), prefix, delimiter, after, limit)
        together = [each.key for each in page.objects] + list(page.prefixes)
        pages.append(sorted(together, key=str.encode))
        if page.last is None:
            return pages
        after = page.last


@pytest.mark.parametrize(
    ("prefix", "delimiter", "expected"),
    [
        ("", "", list(KEYS)),
        ("", "/", ["a", "a/", "b/", "ü", "ü/"]),
        ("a", "", ["a", "a/1", "a/2"]),
        ("a/", "/", ["a/1", "a/2"]),
        ("b/", "/", ["b/c/", "b/d"]),
        ("b/c", "/", ["b/c/"]),
        ("none", "/", []),
        ("", "/1", ["a", "a/1", "a/2", "b/c/1", "b/d", "ü", "ü/1"]),
    ],
)
def test_keys_are_listed(prefix, delimiter, expected):
    """Those that begin so are listed, gathered by what they have up to the delimiter."""
    assert paged(KEYS, prefix, delimiter) == [expected]


def test_an_empty_page_is_the_last():
    """Whoever asks for no keys is given none, and told of no more."""
    page = list_page(fetching(KEYS), "", "", "", 0)
    assert (page.objects, page.prefixes, page.last) == ([], [], None)


texts = st.text(st.sampled_from("ab/ü"), min_size=1, max_size=6)


@given(st.sets(texts), st.text(st.sampled_from("ab/"), max_size=2), st.integers(1, 4))
def test_pages_together_are_the_whole(keys, prefix, limit):
    """However small the pages, nothing is repeated or left out, with a delimiter too."""
    for delimiter in ("", "/"):
        whole = paged(keys, prefix, delimiter)[0]
        pages = paged(keys, prefix, delimiter, limit)
        assert [each for page in pages for each in page] == whole
        assert all(len(page) <= limit for page in pages)

"""Documents that are sent to S3."""

import pytest

from builders import refusal_of
from waag.sandbox.refusals import InputInvalid
from waag.sandbox.s3_requests import read_xml, text_of


def test_names_are_without_namespaces():
    """A document is read whether or not its names are in a namespace."""
    root = read_xml(b'<a xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><b>text</b></a>')
    assert (root.tag, text_of(root, "b"), text_of(root, "c")) == ("a", "text", "")


@pytest.mark.parametrize(
    "body",
    [b"", b"<a>", b"<!DOCTYPE a><a/>", b'<?xml version="1.0" encoding="none"?><a/>', b"\xff"],
)
def test_what_is_no_document_is_refused(body):
    """A body that is no document, or declares what it is made of, is refused."""
    refusal = refusal_of(read_xml, body)
    assert refusal is not None
    assert refusal[0] is InputInvalid

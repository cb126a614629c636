"""XML as AWS's services write it: elements with text or elements, in order, no attributes."""

from collections.abc import Sequence
from typing import TypeAlias
from xml.sax.saxutils import escape

Content: TypeAlias = str | Sequence["Element"]
Element: TypeAlias = tuple[str, Content]

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# What the parser of a reply would make something else of, or refuse.
_ENTITIES = {"\r": "&#13;", '"': "&quot;", **{chr(code): f"&#{code};" for code in range(1, 9)}}


def document(name: str, content: Content, namespace: str = "") -> bytes:
    """A whole document, its root in a namespace if one is given."""
    declared = f' xmlns="{namespace}"' if namespace else ""
    return f"{_DECLARATION}<{name}{declared}>{_written(content)}</{name}>".encode()


def _written(content: Content) -> str:
    if isinstance(content, str):
        return escape(content, _ENTITIES)
    return "".join([f"<{name}>{_written(inner)}</{name}>" for name, inner in content])

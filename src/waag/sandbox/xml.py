"""XML as AWS's services write it: elements with text or elements, in order, no attributes."""

from collections.abc import Sequence
from typing import TypeAlias

Content: TypeAlias = str | Sequence["Element"]
Element: TypeAlias = tuple[str, Content]

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# The last ones the parser of a reply would make something else of, or refuse.
_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
    | {chr(code): f"&#{code};" for code in range(1, 9)}
)


def document(name: str, content: Content, namespace: str = "") -> bytes:
    """A whole document, its root in a namespace if one is given."""
    declared = f' xmlns="{namespace}"' if namespace else ""
    return f"{_DECLARATION}<{name}{declared}>{_written(content)}</{name}>".encode()


def _written(content: Content) -> str:
    if isinstance(content, str):
        return content.translate(_ENTITIES)
    return "".join([f"<{name}>{_written(inner)}</{name}>" for name, inner in content])

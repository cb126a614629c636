"""JSON Schema as far as the admin API's description uses it: where does a value not fit?"""

from collections.abc import Iterator, Mapping
from typing import Any

TYPES = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}
UNDERSTOOD = {
    "$ref",
    "additionalProperties",
    "anyOf",
    "default",
    "description",
    "enum",
    "items",
    "maximum",
    "minimum",
    "properties",
    "required",
    "title",
    "type",
}


def misfits(
    value: Any, schema: Mapping[str, Any], document: Mapping[str, Any], at: str = "$"
) -> Iterator[str]:
    """Where a value does not fit its schema, and why.

    Members that the schema does not know are misfits too: an answer has nothing undescribed.
    """
    assert set(schema) <= UNDERSTOOD, f"not understood: {set(schema) - UNDERSTOOD}"
    if "$ref" in schema:
        yield from misfits(value, resolve(schema["$ref"], document), document, at)
        return
    if "anyOf" in schema:
        if all(any(misfits(value, each, document, at)) for each in schema["anyOf"]):
            yield f"{at} fits none of {schema['anyOf']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} is {value!r}, not one of {schema['enum']}"
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        yield f"{at} is {value!r}, not of type {schema['type']}"
    elif isinstance(value, dict):
        yield from misfit_members(value, schema, document, at)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from misfits(each, schema.get("items", {}), document, f"{at}[{index}]")


def misfit_members(
    value: Mapping[str, Any], schema: Mapping[str, Any], document: Mapping[str, Any], at: str
) -> Iterator[str]:
    """The same for an object's members."""
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield f"{at} has no {name}"
    for name, member in value.items():
        known = properties.get(name, schema.get("additionalProperties"))
        if known is not None:
            yield from misfits(member, known, document, f"{at}.{name}")
        elif properties:
            yield f"{at} has a member {name}, which is not described"


def resolve(reference: str, document: Mapping[str, Any]) -> Any:
    """What a reference within the document stands for."""
    found = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def references(value: Any) -> Iterator[str]:
    """Every reference within a value."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name == "$ref":
                yield member
            yield from references(member)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)

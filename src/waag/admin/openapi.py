"""OpenAPI 3.1, written from the table of calls and the shapes they take and give."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from starlette.requests import Request

from waag import __version__


class Call(msgspec.Struct, frozen=True):
    """One call of the admin API.

    Attributes:
        handle: the method that answers it.
        parameters: of the query, all optional.
        body: what it takes; str for text that is not JSON.
        answer: what it gives.
    """

    method: str
    path: str
    handle: Callable[[Request], Awaitable[object]]
    summary: str
    answer: type
    parameters: tuple[str, ...] = ()
    body: type | None = None


def describe(calls: Sequence[Call], error: type) -> dict[str, Any]:
    """The OpenAPI document of these calls."""
    types = [each.answer for each in calls] + [each.body for each in calls if each.body] + [error]
    schemas, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    schema_of = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(f"/admin/v1{call.path}", {})[call.method.lower()] = _operation(
            call, schema_of, schema_of[error]
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Waag admin API", "version": __version__},
        "security": [{"operator": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"operator": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(call: Call, schema_of: dict[type, Any], error: Any) -> dict[str, Any]:
    in_path = re.findall(r"{(\w+)}", call.path)
    operation: dict[str, Any] = {
        "operationId": call.handle.__name__,
        "summary": call.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in in_path
        ]
        + [
            {"name": name, "in": "query", "schema": {"type": _query_type(name)}}
            for name in call.parameters
        ],
        "responses": {
            "200": {"description": "Done", "content": _content(schema_of[call.answer])},
            "default": {"description": "Refused", "content": _content(error)},
        },
    }
    if call.body is not None:
        media_type = "application/yaml" if call.body is str else "application/json"
        operation["requestBody"] = {
            "required": True,
            "content": {media_type: {"schema": schema_of[call.body]}},
        }
    return operation


def _query_type(name: str) -> str:
    return "integer" if name == "limit" else "string"


def _content(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}

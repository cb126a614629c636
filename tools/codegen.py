"""Writes src/waag/wire/generated/ from the service models in the pinned botocore.

One module per service: a structure for every input, output, error and nested shape, with the
model's constraints, and the service's description. `--check` writes nothing and exits 1 when a
module differs from what would be written. What the words of a generated module mean is said in
waag.wire.shapes; nothing here knows how values are decoded.
"""

import argparse
import html
import keyword
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import botocore
from botocore import xform_name  # pyright: ignore[reportUnknownVariableType]  # it has no types
from botocore.loaders import Loader

from codegen_text import LINE_LENGTH, annotated, call, dict_of, expression, text, tuple_of
from waag.wire.shapes import whole_match

GENERATED = Path(__file__).parent.parent / "src" / "waag" / "wire" / "generated"

# Each generated module, and the name under which botocore keeps its model.
SERVICES = {
    "metering": "meteringmarketplace",
    "entitlement": "marketplace-entitlement",
    "commerce_analytics": "marketplacecommerceanalytics",
    "revenue_measurement": "partnercentral-revenue-measurement",
}

# What a generated module may import, the standard library first. No shape may bear such a name.
IMPORTS = {
    "typing": ("Annotated", "Any", "Literal"),
    "msgspec": ("Meta", "field"),
    "waag.wire.shapes": (
        "DateTimeTimestamp",
        "ErrorShape",
        "HttpDateTimestamp",
        "Integer",
        "Long",
        "OneOf",
        "Operation",
        "Service",
        "Shape",
        "Timestamp",
        "Unit",
    ),
}
IMPORTED = frozenset(name for names in IMPORTS.values() for name in names)

# How a leaf is written when the model says no more than its type.
LEAF_TYPES = {
    "string": "str",
    "boolean": "bool",
    "blob": "bytes",
    "float": "float",
    "double": "float",
    "integer": "Integer",
    "long": "Long",
}
TIMESTAMP_TYPES = {
    "unixTimestamp": "Timestamp",
    "iso8601": "DateTimeTimestamp",
    "rfc822": "HttpDateTimestamp",
}
BUILTIN_TYPES = frozenset(("bool", "bytes", "dict", "float", "int", "list", "str"))
INTEGER_RANGES = {"integer": (-(2**31), 2**31 - 1), "long": (-(2**63), 2**63 - 1)}


class UnsupportedModel(Exception):
    """A model says something that no structure here can express."""


def generate(model: Mapping[str, Any], slug: str = "service") -> str:
    """The source of one service's module.

    Args:
        model: a service model as botocore keeps it (service-2.json).
        slug: the module's name.

    Raises:
        UnsupportedModel: a shape's type, pattern or name cannot be expressed.
    """
    return _ServiceModule(model, slug).source()


class _ServiceModule:
    """One model on its way to being a module."""

    def __init__(self, model: Mapping[str, Any], slug: str) -> None:
        self._slug = slug
        self._metadata: Mapping[str, Any] = model["metadata"]
        self._operations = dict(sorted(model["operations"].items()))
        self._shapes: Mapping[str, Mapping[str, Any]] = model["shapes"]
        self._errors = sorted(
            {error["shape"] for op in self._operations.values() for error in op.get("errors", ())}
        )
        self._reached = self._reachable()
        self._names = self._python_names()

    def source(self) -> str:
        """The whole text: leaves, structures, lists and maps, the service.

        Structures name their members' types lazily, so they may stand before the lists and maps,
        which name theirs at once.
        """
        leaves: list[str] = []
        classes: list[str] = []
        containers: list[str] = []
        for name in self._reached:
            shape = self._shapes[name]
            if shape["type"] == "structure":
                if not shape.get("document"):
                    classes.append(self._class(name))
            elif shape["type"] in ("list", "map"):
                containers.append(f"{self._names[name]} = {self._container(shape)}")
            elif definition := _constrained_leaf(shape):
                leaves.append(f"{self._names[name]} = {definition}")
        sections = ["\n".join(sorted(leaves)), *classes, "\n".join(containers), self._service()]
        body = "\n\n\n".join(section for section in sections if section)
        return f"{self._header()}\n{_imports(body)}\n\n\n{body}\n"

    def _reachable(self) -> list[str]:
        """Every shape an operation reaches, members before what holds them, without cycles."""
        reached: dict[str, None] = {}
        entered: set[str] = set()

        def enter(name: str) -> None:
            if name in entered:
                return
            entered.add(name)
            for reference in _references(self._shapes[name]):
                enter(reference)
            reached[name] = None

        for operation in self._operations.values():
            for end in ("input", "output"):
                if end in operation:
                    enter(operation[end]["shape"])
        for name in self._errors:
            enter(name)
        return list(reached)

    def _python_names(self) -> dict[str, str]:
        names = {name: name[0].upper() + name[1:] for name in self._reached if self._is_named(name)}
        taken: dict[str, str] = dict.fromkeys(IMPORTED, "an import")
        for name, python_name in names.items():
            if python_name in taken or not python_name.isidentifier():
                reason = taken.get(python_name, "no Python name")
                raise UnsupportedModel(f"{name} cannot be named {python_name}: that is {reason}")
            taken[python_name] = f"the name of {name}"
        return names

    def _is_named(self, name: str) -> bool:
        shape = self._shapes[name]
        if shape["type"] == "structure":
            return not shape.get("document")
        return shape["type"] in ("list", "map") or _constrained_leaf(shape) is not None

    def _type(self, name: str) -> str:
        """What a member of shape `name` is annotated with."""
        if name in self._names:
            return self._names[name]
        return "Any" if self._shapes[name].get("document") else _leaf_type(self._shapes[name])

    def _container(self, shape: Mapping[str, Any]) -> str:
        held = self._type(shape["member" if shape["type"] == "list" else "value"]["shape"])
        if shape.get("sparse"):
            held = f"{held} | None"
        if shape["type"] == "list":
            container = f"list[{held}]"
        else:
            container = f"dict[{self._type(shape['key']['shape'])}, {held}]"
        return annotated(container, _bounds(shape, "min_length", "max_length"))

    def _class(self, name: str) -> str:
        shape = self._shapes[name]
        base = "OneOf" if shape.get("union") else "Shape"
        lines = [f"class {self._names[name]}({base}, frozen=True, kw_only=True):"]
        required = frozenset(shape.get("required", ()))
        for member, reference in shape["members"].items():
            lines.append(f"    {self._field(member, reference, required=member in required)}")
        if not shape["members"]:
            lines.append("    pass")
        return "\n".join(lines)

    def _field(self, member: str, reference: Mapping[str, Any], *, required: bool) -> str:
        wire_name = reference.get("locationName", member)
        attribute = _attribute(member)
        annotation = self._type(reference["shape"])
        arguments: list[str] = []
        if not required:
            annotation = f"{annotation} | None"
            arguments.append("default=None")
        if attribute != wire_name:
            arguments.append(f'name="{wire_name}"')
            line = f"{attribute}: {annotation} = field({', '.join(arguments)})"
            if len(line) < LINE_LENGTH - 4:
                return line
            broken = call(f"{attribute}: {annotation} = field", arguments)
            return broken.replace("\n", "\n    ")
        return f"{attribute}: {annotation}" + ("" if required else " = None")

    def _service(self) -> str:
        metadata = self._metadata
        target_prefix = metadata["targetPrefix"]
        service_id = metadata.get("serviceId", target_prefix)
        return call(
            "SERVICE = Service",
            [
                f'slug="{self._slug}"',
                f'service_id="{service_id}"',
                f'namespace="com.amazonaws.{service_id.replace(" ", "").lower()}"',
                f'target_prefix="{target_prefix}"',
                f'signing_name="{metadata.get("signingName", target_prefix)}"',
                f'api_version="{metadata["apiVersion"]}"',
                f"json_version={text(metadata.get('jsonVersion'))}",
                f"protocols={tuple_of(metadata['protocols'])}",
                f"operations={dict_of(self._operation_entries())}",
                f"errors={dict_of(map(self._error_entry, self._errors))}",
            ],
        )

    def _operation_entries(self) -> Iterator[tuple[str, str]]:
        for name, operation in self._operations.items():
            given = self._names[operation["input"]["shape"]] if "input" in operation else "Unit"
            answered = self._names[operation["output"]["shape"]] if "output" in operation else None
            errors = tuple_of(sorted(error["shape"] for error in operation.get("errors", ())))
            yield (
                name,
                call(
                    "Operation",
                    [f'name="{name}"', f"input={given}", f"output={answered}", f"errors={errors}"],
                ),
            )

    def _error_entry(self, name: str) -> tuple[str, str]:
        shape = self._shapes[name]
        status = shape.get("error", {}).get("httpStatusCode", 500 if shape.get("fault") else 400)
        message = next((m for m in shape["members"] if m.lower() == "message"), "message")
        return (
            name,
            call(
                "ErrorShape",
                [
                    f'name="{name}"',
                    f"status={status}",
                    f'message_member="{message}"',
                    f"struct={self._names[name]}",
                    f"summary={text(_first_sentence(shape.get('documentation', '')))}",
                ],
            ),
        )

    def _header(self) -> str:
        title = self._metadata.get("serviceFullName", self._metadata["targetPrefix"])
        return "\n".join(
            [
                f'"""{title}: the structures on the wire, and the service.',
                "",
                f"Written by tools/codegen.py from botocore {botocore.__version__}, API version",
                f"{self._metadata['apiVersion']}. Change the generator, not this file.",
                '"""',
                "",
                "from __future__ import annotations",
                "",
            ]
        )


def _references(shape: Mapping[str, Any]) -> Iterator[str]:
    for member in shape.get("members", {}).values():
        yield member["shape"]
    for part in ("member", "key", "value"):
        if part in shape:
            yield shape[part]["shape"]


def _leaf_type(shape: Mapping[str, Any]) -> str:
    kind, timestamp_format = shape["type"], shape.get("timestampFormat", "unixTimestamp")
    if kind == "timestamp" and timestamp_format in TIMESTAMP_TYPES:
        return TIMESTAMP_TYPES[timestamp_format]
    if kind in LEAF_TYPES:
        return LEAF_TYPES[kind]
    raise UnsupportedModel(f"no type for {kind} {shape.get('timestampFormat', '')}")


def _constrained_leaf(shape: Mapping[str, Any]) -> str | None:
    """The definition of a leaf that needs a name of its own; None if its plain type will do.

    An enum says more than a length or a pattern beside it, so those are left out.
    """
    kind = shape["type"]
    constraints: dict[str, str] = {}
    if "enum" in shape:
        base = call("Literal", [text(value) for value in shape["enum"]], brackets="[]")
    elif kind in INTEGER_RANGES:
        base = "int" if "min" in shape or "max" in shape else _leaf_type(shape)
        lowest, highest = INTEGER_RANGES[kind]
        if base == "int":
            constraints = _bounds({"min": lowest, "max": highest, **shape}, "ge", "le")
    elif kind in ("float", "double"):
        base = _leaf_type(shape)
        constraints = _bounds(shape, "ge", "le")
    else:
        base = _leaf_type(shape)
        constraints = _bounds(shape, "min_length", "max_length")
        if pattern := _pattern(shape):
            constraints["pattern"] = pattern
    if shape.get("sensitive"):
        constraints["extra"] = '{"sensitive": True}'
    return annotated(base, constraints) if constraints or "enum" in shape else None


def _bounds(shape: Mapping[str, Any], least: str, most: str) -> dict[str, str]:
    bounds = {least: shape.get("min"), most: shape.get("max")}
    if least == "min_length" and bounds[least] == 0:
        bounds[least] = None
    return {name: str(bound) for name, bound in bounds.items() if bound is not None}


def _pattern(shape: Mapping[str, Any]) -> str | None:
    """The pattern as a Python literal; None where every value the length allows matches it."""
    pattern = shape.get("pattern")
    if pattern is None or pattern == r"[\s\S]*":
        return None
    if pattern == r"[\s\S]+" and shape.get("min", 0) >= 1:
        return None
    whole = whole_match(pattern)
    try:
        re.compile(whole)
    except re.error as error:
        raise UnsupportedModel(f"not a Python expression: {pattern}: {error}") from error
    return expression(whole)


def _attribute(member: str) -> str:
    """The member's name in Python; never one that an annotation in the same class needs."""
    name = xform_name(member)
    return f"{name}_" if keyword.iskeyword(name) or name in BUILTIN_TYPES else name


def _first_sentence(documentation: str) -> str:
    prose = html.unescape(re.sub(r"<[^>]*>", "", documentation.replace("</p>", " ")))
    prose = " ".join(prose.split())
    sentence = re.match(r".*?[.!?](?=\s+[A-Z]|$)", prose)
    return sentence[0] if sentence else prose


def _imports(body: str) -> str:
    words = frozenset(re.findall(r"\w+", body))
    groups: list[str] = []
    for module, names in IMPORTS.items():
        if used := [name for name in names if name in words]:
            line = f"from {module} import {', '.join(used)}"
            long = call(f"from {module} import ", used)
            groups.append(line if len(line) <= LINE_LENGTH else long)
    return "\n\n".join(groups)


def _load(model_name: str) -> Mapping[str, Any]:
    """The model inside the installed botocore, never one from a user's own data path."""
    loader = Loader(
        extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False
    )
    # botocore has no types.
    model: Mapping[str, Any] = cast("Any", loader).load_service_model(model_name, "service-2")
    return model


def main(arguments: list[str]) -> int:
    """Write the modules, or with --check name those that are stale.

    Returns:
        The exit status: 1 if a module is stale, else 0.
    """
    parser = argparse.ArgumentParser(description="Generate the wire structures from botocore.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    parser.add_argument("--into", type=Path, default=GENERATED, help="the folder to write")
    options = parser.parse_args(arguments)
    stale: list[Path] = []
    for slug, model_name in SERVICES.items():
        path = options.into / f"{slug}.py"
        source = generate(_load(model_name), slug)
        if not options.check:
            path.write_text(source, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != source:
            stale.append(path)
    for path in stale:
        print(f"{path} is stale: run `make codegen` and commit the result", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The generator of wire structures: what it makes of a model, and that its output is current."""

import importlib
import re
import sys
from types import ModuleType

import msgspec
import pytest

from waag.wire.generated import entitlement, metering, revenue_measurement
from waag.wire.shapes import Unit, whole_match

codegen = importlib.import_module("codegen")

STRING = {"shape": "String"}


def model(members, required=(), operation=None, **shapes):
    """A model of one operation whose input has `members`, and further `shapes`."""
    return {
        "metadata": {
            "apiVersion": "2026-01-01",
            "jsonVersion": "1.0",
            "protocols": ["json"],
            "serviceId": "Toy Shop",
            "signingName": "toy",
            "targetPrefix": "ToyShop",
        },
        "operations": {"Buy": {"name": "Buy", "input": {"shape": "BuyInput"}, **(operation or {})}},
        "shapes": {
            "BuyInput": {"type": "structure", "members": members, "required": list(required)},
            "String": {"type": "string"},
            **shapes,
        },
    }


def built(toy):
    """The module generated from a model, as if imported."""
    module = ModuleType("generated_toy")
    sys.modules[module.__name__] = module
    exec(codegen.generate(toy, "toy"), module.__dict__)  # noqa: S102  # our own generator's output
    return module


def read(toy, value):
    """What the generated input makes of a plain value."""
    return msgspec.convert(value, built(toy).BuyInput)


def is_refused(toy, value):
    """Whether the generated input refuses a plain value."""
    try:
        read(toy, value)
    except msgspec.ValidationError:
        return True
    return False


def test_the_committed_modules_are_current():
    """What is committed is what the pinned models give."""
    assert codegen.main(["--check"]) == 0


def test_a_stale_module_fails_the_check(tmp_path):
    """A module that differs fails the check."""
    codegen.main(["--into", str(tmp_path)])
    (tmp_path / "metering.py").write_text("", encoding="utf-8")
    assert codegen.main(["--check", "--into", str(tmp_path)]) == 1


def test_a_stale_module_is_named(tmp_path, capsys):
    """The check names the module that differs, and no other."""
    codegen.main(["--into", str(tmp_path)])
    (tmp_path / "metering.py").unlink()
    codegen.main(["--check", "--into", str(tmp_path)])
    assert capsys.readouterr().err == (
        f"{tmp_path / 'metering.py'} is stale: run `make codegen` and commit the result\n"
    )


def test_the_modules_are_the_same_every_time(tmp_path):
    """Generating twice gives the same bytes."""
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        codegen.main(["--into", str(folder)])
    first, second = ([path.read_bytes() for path in sorted(f.iterdir())] for f in folders)
    assert first == second


@pytest.mark.parametrize("model_name", codegen.SERVICES.values())
def test_every_pattern_of_the_models_is_an_expression(model_name):
    """Every pattern compiles without a warning."""
    shapes = codegen._load(model_name)["shapes"].values()
    patterns = [shape["pattern"] for shape in shapes if "pattern" in shape]
    assert [whole_match(pattern) for pattern in patterns] == [
        re.compile(whole_match(pattern)).pattern for pattern in patterns
    ]


@pytest.mark.parametrize(
    ("module", "count"), [(metering, 4), (entitlement, 1), (revenue_measurement, 18)]
)
def test_every_operation_is_described(module, count):
    """A service has all operations of its model."""
    assert len(module.SERVICE.operations) == count


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("slug", "metering"),
        ("service_id", "Marketplace Metering"),
        ("namespace", "com.amazonaws.marketplacemetering"),
        ("target_prefix", "AWSMPMeteringService"),
        ("signing_name", "aws-marketplace"),
        ("api_version", "2016-01-14"),
        ("json_version", "1.1"),
        ("protocols", ("json",)),
    ],
)
def test_a_service_is_described(attribute, value):
    """A service's description is its model's metadata."""
    assert getattr(metering.SERVICE, attribute) == value


@pytest.mark.parametrize(
    ("module", "code", "status", "member"),
    [
        (metering, "InvalidTagException", 400, "message"),
        (metering, "InternalServiceErrorException", 500, "message"),
        (revenue_measurement, "ServiceQuotaExceededException", 402, "Message"),
        (revenue_measurement, "InternalServerException", 500, "Message"),
    ],
)
def test_an_error_is_described(module, code, status, member):
    """An error has the status and message member of its model, 400 or 500 where it has none."""
    error = module.SERVICE.errors[code]
    assert (error.status, error.message_member) == (status, member)


@pytest.mark.parametrize(
    ("documentation", "summary"),
    [
        ("<p>The <code>x</code> is wrong.</p> <p>Try again.</p>", "The x is wrong."),
        ("<p>Wrong (e.g. one&amp;two) here.\n Really.</p>", "Wrong (e.g. one&two) here."),
        ("<p>Too wrong.</p><p>Much.</p>", "Too wrong."),
        ("No full stop", "No full stop"),
        ("", ""),
    ],
)
def test_the_summary_of_an_error(documentation, summary):
    """The summary is the first sentence of the documentation, without markup."""
    wrong = {
        "type": "structure",
        "members": {},
        "exception": True,
        "documentation": documentation,
    }
    toy = model({}, operation={"errors": [{"shape": "Wrong"}]}, Wrong=wrong)
    assert built(toy).SERVICE.errors["Wrong"].summary == summary


def test_an_operation_without_input_or_output():
    """An operation that takes nothing takes a unit, and may answer nothing."""
    toy = model({})
    del toy["operations"]["Buy"]["input"]
    operation = built(toy).SERVICE.operations["Buy"]
    assert (operation.input, operation.output) == (Unit, None)


@pytest.mark.parametrize(
    ("shape", "accepted", "refused"),
    [
        ({"type": "string", "min": 2}, "ab", "a"),
        ({"type": "string", "max": 2}, "ab", "abc"),
        ({"type": "string", "pattern": "[a-z]+"}, "ab", "ab\n"),
        ({"type": "string", "pattern": "^[a-z]+$"}, "ab", "ab\n"),
        ({"type": "string", "pattern": "a|b"}, "a", "ab"),
        ({"type": "string", "pattern": r"\d"}, "1", "\u0661"),
        ({"type": "string", "pattern": r"[\s\S]+"}, "\n", ""),
        ({"type": "string", "pattern": r"[\s\S]+", "min": 1}, "\n", ""),
        ({"type": "string", "pattern": 'a"b'}, 'a"b', "ab"),
        ({"type": "string", "enum": ["a", "b"], "max": 1}, "a", "c"),
        ({"type": "integer"}, 2**31 - 1, 2**31),
        ({"type": "integer"}, -(2**31), -(2**31) - 1),
        ({"type": "integer", "min": 1}, 1, 0),
        ({"type": "integer", "min": 1}, 2**31 - 1, 2**31),
        ({"type": "long"}, 2**63 - 1, 2**63),
        ({"type": "long", "max": 5}, 5, 6),
        ({"type": "double", "max": 5}, 5.0, 5.5),
        ({"type": "boolean"}, True, 1),
        ({"type": "blob", "max": 2}, b"ab", b"abc"),
        ({"type": "timestamp"}, 1.5, "1"),
        ({"type": "timestamp"}, 1, float("nan")),
        ({"type": "timestamp"}, 1795246108674, 10**13),
        ({"type": "list", "member": STRING, "max": 1}, ["a"], ["a", "b"]),
        ({"type": "list", "member": STRING, "min": 1}, ["a"], []),
        ({"type": "list", "member": STRING}, [], [None]),
        ({"type": "list", "member": STRING, "sparse": True}, [None], [1]),
        ({"type": "map", "key": STRING, "value": STRING, "max": 1}, {"a": "b"}, {"a": "", "b": ""}),
        ({"type": "map", "key": STRING, "value": STRING}, {}, {"a": None}),
        ({"type": "map", "key": STRING, "value": STRING, "sparse": True}, {"a": None}, {"a": 1}),
        ({"type": "structure", "members": {"a": STRING}, "required": ["a"]}, {"a": ""}, {}),
        (
            {"type": "structure", "members": {"a": STRING, "b": STRING}, "union": True},
            {"a": ""},
            {},
        ),
    ],
)
def test_a_constraint(shape, accepted, refused):
    """A shape's constraint accepts what is just within it and refuses what is just without."""
    toy = model({"it": {"shape": "It"}}, It=shape)
    assert [is_refused(toy, {"it": value}) for value in (accepted, refused)] == [False, True]


def test_a_required_member():
    """A required member may not be absent."""
    assert is_refused(model({"it": STRING}, required=["it"]), {})


def test_a_document():
    """A document is any value."""
    toy = model({"it": {"shape": "It"}}, It={"type": "structure", "members": {}, "document": True})
    assert read(toy, {"it": [1, {"a": None}]}).it == [1, {"a": None}]


def test_a_recursive_shape():
    """A structure may hold itself in lists, maps and members."""
    members = {"self": {"shape": "It"}, "list": {"shape": "Its"}, "map": {"shape": "ItByName"}}
    toy = model(
        {"it": {"shape": "It"}},
        It={"type": "structure", "members": members},
        Its={"type": "list", "member": {"shape": "It"}},
        ItByName={"type": "map", "key": STRING, "value": {"shape": "It"}},
    )
    value = {"it": {"list": [{"self": {}}], "map": {"a": {}}}}
    assert msgspec.to_builtins(read(toy, value)) == value


@pytest.mark.parametrize(
    ("member", "attribute"),
    [
        ("CustomerAWSAccountId", "customer_aws_account_id"),
        ("from", "from_"),
        ("float", "float_"),
        ("Str", "str_"),
    ],
)
def test_the_attribute_of_a_member(member, attribute):
    """A member's attribute is in snake case, and no word that Python needs."""
    toy = model({member: STRING, "other": {"shape": "Number"}}, Number={"type": "float"})
    assert getattr(read(toy, {member: "a"}), attribute) == "a"


def test_a_location_name():
    """A member is written under its location name."""
    toy = model({"it": {"shape": "String", "locationName": "that"}})
    assert read(toy, {"that": "a"}).it == "a"


def test_a_sensitive_shape():
    """A sensitive shape is marked, so that no message repeats it."""
    module = built(model({"it": {"shape": "It"}}, It={"type": "string", "sensitive": True}))
    assert msgspec.inspect.type_info(module.It).extra == {"sensitive": True}


def test_a_shape_that_is_not_reached_is_left_out():
    """What no operation uses is not generated."""
    assert not hasattr(built(model({}, Idle={"type": "structure", "members": {}})), "Idle")


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("It", {"type": "string", "pattern": r"\p{L}"}, "not a Python expression"),
        ("It", {"type": "bigdecimal"}, "no type for bigdecimal"),
        ("It", {"type": "timestamp", "timestampFormat": "lunar"}, "no type for timestamp lunar"),
        ("Service", {"type": "structure", "members": {}}, "cannot be named"),
        ("buyInput", {"type": "structure", "members": {}}, "cannot be named"),
        ("It-self", {"type": "structure", "members": {}}, "cannot be named"),
    ],
)
def test_what_cannot_be_expressed_is_refused(name, shape, message):
    """A model that needs what there is no structure for is not generated by halves."""
    with pytest.raises(codegen.UnsupportedModel, match=message):
        codegen.generate(model({"it": {"shape": name}}, **{name: shape}))

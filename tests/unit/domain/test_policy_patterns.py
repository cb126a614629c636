"""Wildcards and policy variables, apart from the documents that hold them."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waag.domain.policy_patterns import (
    ContextValue,
    RequestContext,
    compile_arn,
    compile_pattern,
    parse_template,
)

CONTEXT: Mapping[str, ContextValue] = {
    "aws:UserName": "bob",
    "aws:PrincipalTag/team": "a*b",
    "aws:TagKeys": ["one", "two"],
    "aws:SourceArn": "",
}


def resolved(text: str) -> str | None:
    """What policy text without wildcards stands for in CONTEXT."""
    template = parse_template(text, variables=True, wildcards=False)
    assert template is not None
    return template.resolve(RequestContext(lambda: CONTEXT))


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern, its variables as in CONTEXT, covers the text."""
    template = parse_template(pattern, variables=True, wildcards=True)
    assert template is not None
    escaped = template.resolve(RequestContext(lambda: CONTEXT))
    return escaped is not None and compile_pattern(escaped).fullmatch(text) is not None


def matches_one_by_one(pattern: str, text: str) -> bool:
    """The meaning of wildcards, spelt out without regard to speed."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(matches_one_by_one(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and matches_one_by_one(pattern[1:], text[1:])


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("*", "anything\nat:all", True),
        ("?", "", False),
        ("?", "a", True),
        ("?", "ab", False),
        ("", "", True),
        ("", "a", False),
        ("a*c", "abbc", True),
        ("a*c", "abcb", False),
        ("a**c", "ac", True),
        ("*b*c", "abxbxc", True),
        ("*?b", "b", False),
        ("*.log", "a.log.log", True),
        ("a.c", "abc", False),
        ("a.c", "a.c", True),
        ("[ab]", "a", False),
        ("[ab]", "[ab]", True),
        ("a\\*", "a\\b", True),
        ("a\\*", "a*", False),
        ("a|b", "a", False),
        ("A", "a", False),
        ("${*}", "*", True),
        ("${*}", "x", False),
        ("a${?}c", "a?c", True),
        ("a${?}c", "abc", False),
        ("${$}{aws:username}", "${aws:username}", True),
        ("$", "$", True),
        ("a$b{c}", "a$b{c}", True),
        ("home/${aws:username}/*", "home/bob/x", True),
        ("home/${aws:username}/*", "home/ann/x", False),
        ("${aws:PrincipalTag/team}", "a*b", True),
        ("${aws:PrincipalTag/team}", "axb", False),
        ("${aws:PrincipalTag/none}*", "x", False),
    ],
)
def test_pattern_matches_whole_text(pattern: str, text: str, *, expected: bool):
    """Only the author's `*` and `?` are wildcards, and a pattern covers the whole text."""
    assert matches(pattern, text) is expected


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_pattern_means_what_its_wildcards_say(pattern: str, text: str):
    """A pattern agrees with the wildcards' meaning tried out one by one."""
    assert matches(pattern, text) is matches_one_by_one(pattern, text)


def test_pattern_never_backtracks_beyond_reason():
    """Many wildcards against a long text that almost matches are decided, and not next year."""
    pattern = compile_pattern("*a" * 60 + "*b")
    assert pattern.fullmatch("a" * 50_000) is None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("arn:aws:sns:*:1:topic", "arn:aws:sns:us-east-1:1:topic", True),
        ("arn:aws:sns:*:topic", "arn:aws:sns:us-east-1:1:topic", None),
        ("arn:aws:s3:*:111122223333:finance/*", "arn:aws:s3:r:9:s/a:111122223333:finance/d", False),
        ("arn:aws:s?s:?:1:x", "arn:aws:sns:r:1:x", True),
        ("arn:aws:sns:?:1:x", "arn:aws:sns::1:x", False),
        ("arn:aws:sns:r:?:x", "arn:aws:sns:r:::x", False),
        ("arn:aws:logs:r:1:log-group:*", "arn:aws:logs:r:1:log-group:a:b", True),
        ("arn:aws:iam::1:user/A", "arn:aws:iam::1:user/a", False),
        ("arn:*:*:*:*:*", "arn:aws", False),
    ],
)
def test_arn_pattern_matches_part_by_part(pattern: str, text: str, *, expected: bool | None):
    """No wildcard reaches beyond its part of an ARN; fewer than six parts are no ARN."""
    compiled = compile_arn(pattern)
    assert (compiled and compiled.fullmatch(text) is not None) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${aws:username}", "bob"),
        ("${AWS:USERNAME}", "bob"),
        ("${aws:username}-${aws:username}", "bob-bob"),
        ("${aws:username, 'anonymous'}", "bob"),
        ("${aws:userid, 'anonymous'}", "anonymous"),
        ("${aws:userid,'anonymous'}", "anonymous"),
        ("${aws:userid, ''}", ""),
        ("${aws:userid}", None),
        ("${aws:TagKeys}", None),
        ("${aws:TagKeys, 'none'}", "none"),
        ("${aws:SourceArn}", None),
        ("${aws:SourceArn, 'none'}", "none"),
        ("*${*}?", "**?"),
        ("plain", "plain"),
    ],
)
def test_variable_resolves(text: str, expected: str | None):
    """A variable stands for its single value, else its default, else the text has no value."""
    assert resolved(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "${aws:username",
        "${}",
        "${username}",
        "${aws:}",
        "${ aws:username}",
        "${aws:username, anonymous}",
        "${aws:username,  'anonymous'}",
        "${${aws:username}}",
        "${**}",
    ],
)
def test_variable_that_is_none_is_refused(text: str):
    """What begins as a variable and is none is not taken for text."""
    assert parse_template(text, variables=True, wildcards=True) is None


def test_without_variables_they_are_text():
    """Where the policy's version knows no variables, they stand for themselves."""
    template = parse_template("${aws:username", variables=False, wildcards=False)
    assert template is not None
    assert template.fixed == "${aws:username"


@given(value=st.text(min_size=1, max_size=12))
@settings(deadline=None)
def test_variable_value_is_never_a_wildcard(value: str):
    """A value that a request brings matches itself and nothing else."""
    template = parse_template("${aws:username}", variables=True, wildcards=True)
    assert template is not None
    escaped = template.resolve(RequestContext(lambda: {"aws:username": value}))
    assert escaped is not None
    assert compile_pattern(escaped).fullmatch(value + "x") is None


def test_context_is_built_once():
    """However often a context is asked, it is built once."""
    built: list[None] = []

    def build() -> Mapping[str, ContextValue]:
        built.append(None)
        return CONTEXT

    context = RequestContext(build)
    context.get("aws:username")
    context.values("aws:tagkeys")
    assert len(built) == 1


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("aws:username", ("bob",)),
        ("aws:tagkeys", ("one", "two")),
        ("aws:sourcearn", ("",)),
        ("aws:userid", ()),
    ],
)
def test_context_values(key: str, expected: tuple[str, ...]):
    """A single-valued key has one value, a multivalued one several, a missing one none."""
    assert tuple(RequestContext(lambda: CONTEXT).values(key)) == expected

"""Enrollments: which one is made, what is refused, what is written down."""

import json
import shlex

import pytest

from waag.domain.analytics.enrollment_documents import aws_commands, permission_policy
from waag.domain.analytics.enrollments import Enrollment, WantedEnrollment, enrollment_for
from waag.domain.analytics.refusals import EnrolledElsewhere

SELLER = "120000000001"
ROLE = f"arn:aws:iam::{SELLER}:role/path/Delivers"
TOPIC = f"arn:aws:sns:us-east-1:{SELLER}:told"
PRESENT = Enrollment(SELLER, ROLE, "reports", TOPIC)


@pytest.mark.parametrize(
    "names",
    [
        {},
        {"bucket": "reports", "topic": "told", "role": "Delivers", "prefix": ""},
    ],
    ids=["none", "all"],
)
def test_what_is_there_stays(names):
    """If what is asked for is the same, or not said."""
    assert enrollment_for(WantedEnrollment(SELLER, **names), PRESENT) is PRESENT


@pytest.mark.parametrize("what", ["bucket", "topic", "role", "prefix"])
def test_something_else_is_refused(what):
    """Whatever it is that differs is named."""
    with pytest.raises(EnrolledElsewhere, match=f"enrolled with the {what} .*, not 'others'"):
        enrollment_for(WantedEnrollment(SELLER, **{what: "others"}), PRESENT)


@pytest.mark.parametrize(
    ("prefix", "objects"),
    [(None, "reports/*"), ("a/b", "reports/a/b/*"), ("a/", "reports/a/*")],
)
def test_the_prefix_in_the_policy(prefix, objects):
    """Objects are put under it, with one slash between."""
    document = json.loads(
        permission_policy(Enrollment(SELLER, ROLE, "reports", TOPIC, prefix=prefix))
    )
    (put,) = [each for each in document["Statement"] if each["Action"] == "s3:PutObject"]
    assert put["Resource"] == f"arn:aws:s3:::{objects}"


@pytest.mark.parametrize(
    ("endpoint", "beginning"),
    [(None, ["aws"]), ("http://a:1", ["aws", "--endpoint-url", "http://a:1"])],
)
def test_commands(endpoint, beginning):
    """One for each thing; a shell hands every document on whole."""
    commands = aws_commands(PRESENT, "it's 7", "111122223333", endpoint)
    words = [shlex.split(command) for command in commands]
    assert {tuple(each[: len(beginning)]) for each in words} == {tuple(beginning)}
    assert [each[len(beginning) + 1] for each in words] == [
        "create-bucket",
        "create-topic",
        "create-role",
        "put-role-policy",
    ]
    (trust,) = json.loads(words[2][-1])["Statement"]
    assert (trust["Principal"]["AWS"], trust["Condition"]["StringEquals"]) == (
        "arn:aws:iam::111122223333:root",
        {"sts:ExternalId": "it's 7"},
    )

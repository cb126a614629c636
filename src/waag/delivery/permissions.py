"""What a delivery may do, one permission after another: asked for, or read in the role's policy."""

import json
from collections.abc import Callable, Generator, Iterator
from typing import Any, TypeVar

import msgspec

from waag.domain.analytics.destinations import Destination
from waag.domain.analytics.findings import PERMISSIONS, Finding, Found
from waag.domain.analytics.refusals import DestinationRefused, DestinationUnreachable
from waag.domain.policies import Outcome, PolicyMalformed, decide, parse_policy

T = TypeVar("T")


class Looked(msgspec.Struct, frozen=True):
    """What became of a look at one permission; without a refusal it is there."""

    permission: str
    refusal: DestinationRefused | DestinationUnreachable | None = None

    def finding(self) -> Finding:
        """The same without anything to raise."""
        if self.refusal is None:
            return Finding(self.permission)
        missing = isinstance(self.refusal, DestinationRefused)
        found = Found.MISSING if missing else Found.UNKNOWN
        return Finding(self.permission, found, self.refusal.why)


def asked(permission: str, ask: Callable[[], T]) -> Generator[Looked, None, T | None]:
    """Look by asking; returns the answer, None where that is a refusal."""
    try:
        answer = ask()
    except (DestinationRefused, DestinationUnreachable) as refusal:
        yield Looked(permission, refusal)
        return None
    yield Looked(permission)
    return answer


def read_in_policy(document: Any, destination: Destination, key: str) -> Iterator[Looked]:
    """Look at what would leave something behind if it were tried.

    Args:
        document: of the role's inline policy, as IAM gave it.
        destination: where the role is to put and publish.
        key: of an object that it is to put.
    """
    read = json.loads(document) if isinstance(document, str) else document
    try:
        policies = (parse_policy(read, destination.policy),)
    except PolicyMalformed:
        return  # AWS took it; what it reads into it is not known here
    for action, resource in (
        ("s3:PutObject", f"arn:aws:s3:::{destination.bucket}/{key}"),
        ("sns:Publish", destination.topic),
    ):
        if decide(policies, action, resource, dict).outcome is Outcome.ALLOWED:
            yield Looked(action)
        else:
            why = (
                f"Give role {destination.role} {action} on {resource}: its policy "
                f"{destination.policy} does not."
            )
            yield Looked(action, DestinationRefused(why))


def findings(looks: Iterator[Looked], destination: Destination) -> list[Finding]:
    """All permissions, also those that could not be looked at."""
    by_name = {each.permission: each.finding() for each in looks}
    unknown = (
        f"Not known: that takes role {destination.role}, and a look at its policy "
        f"{destination.policy}."
    )
    return [by_name.get(name, Finding(name, Found.UNKNOWN, unknown)) for name in PERMISSIONS]

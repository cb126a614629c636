"""What the operations of the embedded IAM have in common: whom a request is about, and by whom."""

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from waag.domain.identities import Identity, IdentityKind, IdentityName
from waag.sandbox.access import Target, authorize
from waag.sandbox.refusals import InputInvalid, NotFound
from waag.sandbox.stores import Identities
from waag.sandbox.xml import Content, Element
from waag.sandbox.xml_instants import shown_instant
from waag.services.access import Signed

_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)

Parameters = Mapping[str, str]
Operation = Callable[[Signed, Parameters], Content | None]


class IdentityDesk:
    """Finds identities, for those who may see to them.

    Args:
        identities: where they are kept.
    """

    def __init__(self, identities: Identities) -> None:
        self.identities = identities

    def allow(self, signed: Signed, action: str, arn: str) -> None:
        """Let policies decide on an action.

        Raises:
            AccessDenied: nothing allows it, or something denies it.
        """
        authorize(signed, f"iam:{action}", Target(arn))

    def named(self, signed: Signed, kind: IdentityKind, given: Parameters) -> IdentityName:
        """Whom a request is about; a user who names none means itself."""
        account_id = signed.principal.account_id
        if kind is IdentityKind.POLICY:
            return IdentityName(account_id, kind, needed(given, "PolicyArn").rsplit("/", 1)[-1])
        member = f"{kind.value.capitalize()}Name"
        if kind is IdentityKind.USER and member not in given and not signed.principal.is_role:
            return IdentityName(account_id, kind, signed.principal.name.rsplit("/", 1)[-1])
        return IdentityName(account_id, kind, name_in(given, member))

    def found(self, signed: Signed, action: str, kind: IdentityKind, given: Parameters) -> Identity:
        """An identity that the caller may do this to.

        Raises:
            AccessDenied: the caller may not.
            NotFound: there is none of this name.
        """
        key = self.named(signed, kind, given)
        identity = self.identities.identity(key)
        arn = f"arn:aws:iam::{key.account_id}:{kind.value}/{key.name}"
        self.allow(signed, action, arn if identity is None else identity.arn)
        if identity is None or given.get("PolicyArn", identity.arn) != identity.arn:
            raise missing(kind, given.get("PolicyArn", key.name))
        return identity


def needed(given: Parameters, member: str) -> str:
    """A parameter that has to be there.

    Raises:
        InputInvalid: it is missing or empty.
    """
    value = given.get(member, "")
    if not value:
        raise InputInvalid("ValidationError", f"The request must contain the parameter {member}.")
    return value


def name_in(given: Parameters, member: str) -> str:
    """A name that has to be there.

    Raises:
        InputInvalid: it is missing, or of another form.
    """
    name = needed(given, member)
    if not _NAME.fullmatch(name):
        raise invalid(member, name, "1 to 128 of the characters A-Z a-z 0-9 _+=,.@-")
    return name


def invalid(member: str, value: str, expected: str) -> InputInvalid:
    """What a parameter of another form is refused with."""
    return InputInvalid(
        "ValidationError",
        f"The specified value {value!r:.200} for {member} is invalid: {expected}.",
    )


def missing(kind: IdentityKind, name: str) -> NotFound:
    """What is said of an identity that is not there."""
    return NotFound("NoSuchEntity", f"The {kind.value} with name {name} cannot be found.")


def listed(member: str, entries: Sequence[Content]) -> Content:
    """A list, whole."""
    return [(member, [("member", each) for each in entries]), ("IsTruncated", "false")]


def shown_identity(identity: Identity) -> Content:
    """A user, role or policy as replies have it."""
    noun = identity.key.kind.value.capitalize()
    members: list[Element] = [
        ("Path", identity.path),
        (f"{noun}Name", identity.key.name),
        (f"{noun}Id", identity.id),
        ("Arn", identity.arn),
        ("CreateDate", shown_instant(identity.created)),
    ]
    if identity.description:
        members.append(("Description", identity.description))
    if identity.key.kind is IdentityKind.ROLE:
        members += [
            ("AssumeRolePolicyDocument", quote(identity.document, safe="")),
            ("MaxSessionDuration", str(identity.session_seconds_max)),
        ]
    if identity.key.kind is IdentityKind.POLICY:
        members += [("DefaultVersionId", "v1"), ("IsAttachable", "true")]
    return members

"""The embedded STS: roles are assumed by those whom their trust policy names.

Session policies and tags, SAML and web identities are not served. A session has what its role has
at the time of each request.
"""

import re

import msgspec

from waag.domain.identities import AccessKey, Identity, IdentityKind, IdentityName, name_of_arn
from waag.domain.instants import SECOND, Instant
from waag.domain.market import Principal
from waag.domain.refusals import AccessDenied
from waag.domain.resource_policies import parse_resource_policy
from waag.ports import Clock
from waag.sandbox.access import Target, authorize
from waag.sandbox.iam_desk import Operation, Parameters, invalid, needed
from waag.sandbox.keys import KeyMaker
from waag.sandbox.refusals import InputInvalid, NotServed
from waag.sandbox.stores import Identities
from waag.sandbox.xml import Content
from waag.sandbox.xml_instants import shown_instant
from waag.services.access import Signed

_SESSION = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_ROLE_SECONDS = 3600
_SECONDS_MIN = 900
_TOKEN_SECONDS = (43200, 129600)
_CHAINED_SECONDS_MAX = 3600


class Credentials(msgspec.Struct, frozen=True):
    """What a session signs with; shows no secret when printed."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expires: Instant

    def __repr__(self) -> str:
        """Name the key alone."""
        return f"Credentials({self.access_key_id})"


class Sts:
    """The operations on sessions.

    Args:
        identities: whose sessions they are.
        clock: by which they end.
        keys: makes their keys.
    """

    def __init__(self, identities: Identities, clock: Clock, keys: KeyMaker) -> None:
        self._identities = identities
        self._clock = clock
        self._keys = keys
        self._operations: dict[str, Operation] = {
            "AssumeRole": self._assume_role,
            "GetCallerIdentity": self._get_caller_identity,
            "GetSessionToken": self._get_session_token,
        }

    def answer(self, signed: Signed, action: str, given: Parameters) -> Content | None:
        """Carry out one operation: its result.

        Raises:
            Refusal: it is not carried out.
        """
        operation = self._operations.get(action)
        if operation is None:
            raise InputInvalid(
                "InvalidAction", f"Could not find operation {action} for version 2011-06-15"
            )
        return operation(signed, given)

    def assume(
        self, role_arn: str, session: str, signed: Signed, external_id: str | None, seconds: int
    ) -> tuple[Identity, Credentials]:
        """Let a role be assumed, if its trust policy and the caller's own allow it.

        Args:
            role_arn: whose role.
            session: its name.
            signed: who asks.
            external_id: for the condition key sts:ExternalId.
            seconds: how long the session lasts.

        Raises:
            AccessDenied: also for a role that there is not.
            InputInvalid: longer than the role's sessions may be.
        """
        key = name_of_arn(role_arn)
        role = None
        if key is not None and key.kind is IdentityKind.ROLE:
            role = self._identities.identity(key)
        if role is None or role.arn != role_arn:
            raise AccessDenied(
                f"User: {signed.principal.arn} is not authorized to perform: sts:AssumeRole on "
                f"resource: {role_arn} (there is no such role)"
            )
        policy = parse_resource_policy(role.document, "trust policy", "*")
        context = {} if external_id is None else {"sts:ExternalId": external_id}
        context["sts:RoleSessionName"] = session
        target = Target(role.arn, role.key.account_id, policy, context, trusts=True)
        authorize(signed, "sts:AssumeRole", target)
        if seconds > role.session_seconds_max:
            raise InputInvalid(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            )
        return role, self._issue(role.key, session, seconds)

    def _issue(self, owner: IdentityName, session: str, seconds: int) -> Credentials:
        now = self._clock.now()
        credentials = Credentials(
            self._keys.access_key_id("ASIA"),
            self._keys.secret_access_key(),
            self._keys.session_token(),
            now + seconds * SECOND,
        )
        key = AccessKey(
            credentials.access_key_id, owner, now, session=session, expires=credentials.expires
        )
        self._identities.put_key(key, credentials.secret_access_key, credentials.session_token)
        return credentials

    def _assume_role(self, signed: Signed, given: Parameters) -> Content:
        for member in given:
            if member == "Policy" or member.startswith(("PolicyArns.", "Tags.")):
                raise NotServed(
                    "NotImplemented", f"{member}: session policies and tags are not served."
                )
        session = needed(given, "RoleSessionName")
        if not _SESSION.fullmatch(session):
            raise invalid("roleSessionName", session, "2 to 64 of A-Z a-z 0-9 _+=,.@-")
        external_id = given.get("ExternalId")
        if external_id is not None and not _EXTERNAL_ID.fullmatch(external_id):
            raise invalid("externalId", external_id, "2 to 1224 of A-Z a-z 0-9 _+=,.@:/-")
        most = _CHAINED_SECONDS_MAX if signed.principal.is_role else 43200
        seconds = _seconds(given, _ROLE_SECONDS, most)
        role_arn = needed(given, "RoleArn")
        role, credentials = self.assume(role_arn, session, signed, external_id, seconds)
        assumed: Content = [
            ("AssumedRoleId", f"{role.id}:{session}"),
            (
                "Arn",
                f"arn:aws:sts::{role.key.account_id}:assumed-role/{role.key.name}/{session}",
            ),
        ]
        return [("Credentials", _shown(credentials)), ("AssumedRoleUser", assumed)]

    def _get_caller_identity(self, signed: Signed, given: Parameters) -> Content:
        del given  # there is nothing to ask
        principal = signed.principal
        return [
            ("Arn", principal.arn),
            ("UserId", self._user_id(principal)),
            ("Account", principal.account_id),
        ]

    def _user_id(self, principal: Principal) -> str:
        kind = IdentityKind.ROLE if principal.is_role else IdentityKind.USER
        names = principal.name.split("/")
        name = names[0] if principal.is_role else names[-1]
        identity = self._identities.identity(IdentityName(principal.account_id, kind, name))
        unique = principal.access_key_id if identity is None else identity.id
        return f"{unique}:{principal.session}" if principal.is_role else unique

    def _get_session_token(self, signed: Signed, given: Parameters) -> Content:
        principal = signed.principal
        if principal.session_token is not None:
            raise AccessDenied("Cannot call GetSessionToken with session credentials")
        usual, most = _TOKEN_SECONDS
        seconds = _seconds(given, usual, most)
        name = principal.name.rsplit("/", 1)[-1]
        owner = IdentityName(principal.account_id, IdentityKind.USER, name)
        return [("Credentials", _shown(self._issue(owner, "", seconds)))]


def _seconds(given: Parameters, usual: int, most: int) -> int:
    asked = given.get("DurationSeconds", str(usual))
    if not (asked.isascii() and asked.isdecimal() and _SECONDS_MIN <= int(asked) <= most):
        raise invalid("durationSeconds", asked, f"{_SECONDS_MIN} to {most} seconds")
    return int(asked)


def _shown(credentials: Credentials) -> Content:
    return [
        ("AccessKeyId", credentials.access_key_id),
        ("SecretAccessKey", credentials.secret_access_key),
        ("SessionToken", credentials.session_token),
        ("Expiration", shown_instant(credentials.expires)),
    ]

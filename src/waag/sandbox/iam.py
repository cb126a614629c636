"""The embedded IAM: users, roles and policies.

What it makes signs requests to everything that Waag serves. Lists are answered whole. What the
market file says of a user stands; here more can be given to that user, and taken away again.
"""

import re
import threading
from urllib.parse import quote

import msgspec

from waag.domain.identities import Identity, IdentityKind, IdentityName
from waag.ports import Clock
from waag.sandbox.iam_desk import (
    IdentityDesk,
    Operation,
    Parameters,
    invalid,
    listed,
    name_in,
    needed,
    shown_identity,
)
from waag.sandbox.iam_documents import check_policy, check_trust
from waag.sandbox.iam_keys import KeyOperations
from waag.sandbox.iam_policies import PolicyOperations
from waag.sandbox.keys import KeyMaker
from waag.sandbox.refusals import Conflict, InputInvalid, NotFound
from waag.sandbox.stores import Identities
from waag.sandbox.xml import Content, Element
from waag.sandbox.xml_instants import shown_instant
from waag.services.access import Signed

_PATH = re.compile(r"/|/[\x21-\x7e]{0,510}/")
_SESSION_SECONDS = (3600, 43200)


class Iam:
    """The operations on identities.

    Args:
        identities: where they are kept.
        clock: when they are made.
        keys: makes ids and secrets.
        changing: held while anything is changed.
    """

    def __init__(
        self, identities: Identities, clock: Clock, keys: KeyMaker, changing: threading.RLock
    ) -> None:
        self._clock = clock
        self._keys = keys
        self._changing = changing
        self._desk = IdentityDesk(identities)
        self._operations: dict[str, Operation] = {
            "UpdateAssumeRolePolicy": self._update_trust,
            "CreatePolicy": self._create_policy,
            "GetPolicyVersion": self._get_policy_version,
            "CreateUser": self._create_user,
            "CreateRole": self._create_role,
            "ListUsers": self._listing(IdentityKind.USER),
            "ListRoles": self._listing(IdentityKind.ROLE),
            "ListPolicies": self._listing(IdentityKind.POLICY),
            **PolicyOperations(self._desk).operations(),
            **KeyOperations(self._desk, clock, keys).operations(),
        }
        for kind in IdentityKind:
            noun = kind.value.capitalize()
            self._operations[f"Get{noun}"] = self._getting(kind)
            self._operations[f"Delete{noun}"] = self._deleting(kind)

    def answer(self, signed: Signed, action: str, given: Parameters) -> Content | None:
        """Carry out one operation: its result.

        Raises:
            Refusal: it is not carried out.
        """
        operation = self._operations.get(action)
        if operation is None:
            raise InputInvalid(
                "InvalidAction", f"Could not find operation {action} for version 2010-05-08"
            )
        with self._changing:
            return operation(signed, given)

    def _create(self, signed: Signed, action: str, draft: Identity) -> Identity:
        self._desk.allow(signed, action, draft.arn)
        if self._desk.identities.identity(draft.key) is not None:
            raise Conflict(
                "EntityAlreadyExists",
                f"{draft.key.kind.value.capitalize()} with name {draft.key.name} already exists.",
            )
        self._desk.identities.put(draft)
        return draft

    def _draft(
        self, signed: Signed, kind: IdentityKind, given: Parameters, unique: str
    ) -> Identity:
        path = given.get("Path", "/")
        if not _PATH.fullmatch(path):
            raise invalid("path", path, "a text that begins and ends with /")
        name = name_in(given, f"{kind.value.capitalize()}Name")
        key = IdentityName(signed.principal.account_id, kind, name)
        return Identity(key, path, self._keys.unique_id(unique), self._clock.now())

    def _create_user(self, signed: Signed, given: Parameters) -> Content:
        draft = self._draft(signed, IdentityKind.USER, given, "AIDA")
        return [("User", shown_identity(self._create(signed, "CreateUser", draft)))]

    def _create_role(self, signed: Signed, given: Parameters) -> Content:
        document = needed(given, "AssumeRolePolicyDocument")
        seconds = given.get("MaxSessionDuration", str(_SESSION_SECONDS[0]))
        least, most = _SESSION_SECONDS
        if not (seconds.isdecimal() and least <= int(seconds) <= most):
            raise invalid("maxSessionDuration", seconds, f"{least} to {most} seconds")
        draft = self._draft(signed, IdentityKind.ROLE, given, "AROA")
        check_trust(document)
        draft = msgspec.structs.replace(
            draft,
            document=document,
            description=given.get("Description", ""),
            session_seconds_max=int(seconds),
        )
        return [("Role", shown_identity(self._create(signed, "CreateRole", draft)))]

    def _create_policy(self, signed: Signed, given: Parameters) -> Content:
        document = needed(given, "PolicyDocument")
        draft = self._draft(signed, IdentityKind.POLICY, given, "ANPA")
        check_policy(document)
        draft = msgspec.structs.replace(
            draft, document=document, description=given.get("Description", "")
        )
        return [("Policy", shown_identity(self._create(signed, "CreatePolicy", draft)))]

    def _getting(self, kind: IdentityKind) -> Operation:
        noun = kind.value.capitalize()

        def get(signed: Signed, given: Parameters) -> Content:
            return [(noun, shown_identity(self._desk.found(signed, f"Get{noun}", kind, given)))]

        return get

    def _listing(self, kind: IdentityKind) -> Operation:
        plural = "Policies" if kind is IdentityKind.POLICY else f"{kind.value.capitalize()}s"

        def list_all(signed: Signed, given: Parameters) -> Content:
            account_id = signed.principal.account_id
            self._desk.allow(signed, f"List{plural}", f"arn:aws:iam::{account_id}:{kind.value}/")
            prefix = given.get("PathPrefix", "/")
            found = self._desk.identities.identities(account_id, kind)
            return listed(
                plural, [shown_identity(each) for each in found if each.path.startswith(prefix)]
            )

        return list_all

    def _deleting(self, kind: IdentityKind) -> Operation:
        def delete(signed: Signed, given: Parameters) -> None:
            action = f"Delete{kind.value.capitalize()}"
            identity = self._desk.found(signed, action, kind, given)
            self._check_unused(identity)
            self._desk.identities.remove(identity.key)

        return delete

    def _check_unused(self, identity: Identity) -> None:
        key, store = identity.key, self._desk.identities
        uses = {
            "be removed from the market file": identity.of_market,
            "delete policies first": bool(store.inline_policies(key)),
            "detach all policies first": bool(store.attached_policies(key)),
            "detach it from all entities first": store.attachments_of(identity.arn) > 0,
            "delete access keys first": key.kind is IdentityKind.USER
            and bool(store.long_term_keys(key)),
        }
        for what, stands in uses.items():
            if stands:
                raise Conflict("DeleteConflict", f"Cannot delete entity, must {what}.")

    def _update_trust(self, signed: Signed, given: Parameters) -> None:
        role = self._desk.found(signed, "UpdateAssumeRolePolicy", IdentityKind.ROLE, given)
        document = needed(given, "PolicyDocument")
        check_trust(document)
        self._desk.identities.put(msgspec.structs.replace(role, document=document))

    def _get_policy_version(self, signed: Signed, given: Parameters) -> Content:
        policy = self._desk.found(signed, "GetPolicyVersion", IdentityKind.POLICY, given)
        if given.get("VersionId") != "v1":
            raise NotFound(
                "NoSuchEntity",
                f"Policy {policy.arn} version {given.get('VersionId')} does not exist; "
                "there is v1.",
            )
        version: list[Element] = [
            ("Document", quote(policy.document, safe="")),
            ("VersionId", "v1"),
            ("IsDefaultVersion", "true"),
            ("CreateDate", shown_instant(policy.created)),
        ]
        return [("PolicyVersion", version)]

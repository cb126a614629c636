"""Policies of users and roles: their own, and managed ones attached to them."""

from urllib.parse import quote

from waag.domain.identities import BUILT_IN_PATH, Identity, IdentityKind, IdentityName
from waag.domain.policies import BUILT_IN_POLICIES
from waag.sandbox.iam_desk import (
    IdentityDesk,
    Operation,
    Parameters,
    listed,
    name_in,
    needed,
)
from waag.sandbox.iam_documents import check_policy
from waag.sandbox.refusals import NotFound
from waag.sandbox.xml import Content
from waag.services.access import Signed


class PolicyOperations:
    """What is done to the policies of users and roles.

    Args:
        desk: see there.
    """

    def __init__(self, desk: IdentityDesk) -> None:
        self._desk = desk

    def operations(self) -> dict[str, Operation]:
        """All of them, by name."""
        found: dict[str, Operation] = {}
        for kind in (IdentityKind.USER, IdentityKind.ROLE):
            noun = kind.value.capitalize()
            found |= {
                f"Put{noun}Policy": self._putting_inline(kind),
                f"Get{noun}Policy": self._getting_inline(kind),
                f"Delete{noun}Policy": self._deleting_inline(kind),
                f"List{noun}Policies": self._listing_inline(kind),
                f"Attach{noun}Policy": self._attaching(kind),
                f"Detach{noun}Policy": self._detaching(kind),
                f"ListAttached{noun}Policies": self._listing_attached(kind),
            }
        return found

    def _putting_inline(self, kind: IdentityKind) -> Operation:
        def put(signed: Signed, given: Parameters) -> None:
            owner = self._desk.found(signed, f"Put{kind.value.capitalize()}Policy", kind, given)
            name, document = name_in(given, "PolicyName"), needed(given, "PolicyDocument")
            check_policy(document)
            self._desk.identities.put_inline_policy(owner.key, name, document)

        return put

    def _inline(self, owner: Identity, given: Parameters) -> tuple[str, str]:
        name = name_in(given, "PolicyName")
        document = self._desk.identities.inline_policies(owner.key).get(name)
        if document is None:
            raise NotFound(
                "NoSuchEntity",
                f"The {owner.key.kind.value} policy with name {name} cannot be found.",
            )
        return name, document

    def _getting_inline(self, kind: IdentityKind) -> Operation:
        noun = kind.value.capitalize()

        def get(signed: Signed, given: Parameters) -> Content:
            owner = self._desk.found(signed, f"Get{noun}Policy", kind, given)
            name, document = self._inline(owner, given)
            return [
                (f"{noun}Name", owner.key.name),
                ("PolicyName", name),
                ("PolicyDocument", quote(document, safe="")),
            ]

        return get

    def _deleting_inline(self, kind: IdentityKind) -> Operation:
        def delete(signed: Signed, given: Parameters) -> None:
            owner = self._desk.found(signed, f"Delete{kind.value.capitalize()}Policy", kind, given)
            name, _ = self._inline(owner, given)
            self._desk.identities.remove_inline_policy(owner.key, name)

        return delete

    def _listing_inline(self, kind: IdentityKind) -> Operation:
        def list_all(signed: Signed, given: Parameters) -> Content:
            owner = self._desk.found(signed, f"List{kind.value.capitalize()}Policies", kind, given)
            return listed("PolicyNames", list(self._desk.identities.inline_policies(owner.key)))

        return list_all

    def _attaching(self, kind: IdentityKind) -> Operation:
        def attach(signed: Signed, given: Parameters) -> None:
            arn = needed(given, "PolicyArn")
            rest = {name: value for name, value in given.items() if name != "PolicyArn"}
            owner = self._desk.found(signed, f"Attach{kind.value.capitalize()}Policy", kind, rest)
            if not self._is_policy(arn, signed.principal.account_id):
                raise NotFound("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")
            self._desk.identities.attach(owner.key, arn)

        return attach

    def _is_policy(self, arn: str, account_id: str) -> bool:
        if arn.startswith(BUILT_IN_PATH):
            return arn.removeprefix(BUILT_IN_PATH) in BUILT_IN_POLICIES
        key = IdentityName(account_id, IdentityKind.POLICY, arn.rsplit("/", 1)[-1])
        policy = self._desk.identities.identity(key)
        return policy is not None and policy.arn == arn

    def _detaching(self, kind: IdentityKind) -> Operation:
        def detach(signed: Signed, given: Parameters) -> None:
            arn = needed(given, "PolicyArn")
            rest = {name: value for name, value in given.items() if name != "PolicyArn"}
            owner = self._desk.found(signed, f"Detach{kind.value.capitalize()}Policy", kind, rest)
            if arn not in self._desk.identities.attached_policies(owner.key):
                raise NotFound("NoSuchEntity", f"Policy {arn} was not found.")
            self._desk.identities.detach(owner.key, arn)

        return detach

    def _listing_attached(self, kind: IdentityKind) -> Operation:
        noun = kind.value.capitalize()

        def list_all(signed: Signed, given: Parameters) -> Content:
            owner = self._desk.found(signed, f"ListAttached{noun}Policies", kind, given)
            arns = self._desk.identities.attached_policies(owner.key)
            attached = [
                [("PolicyName", arn.rsplit("/", 1)[-1]), ("PolicyArn", arn)] for arn in arns
            ]
            return listed("AttachedPolicies", attached)

        return list_all

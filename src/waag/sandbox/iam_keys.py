"""Access keys of users, in the embedded IAM."""

from waag.domain.identities import AccessKey, Identity, IdentityKind
from waag.ports import Clock
from waag.sandbox.iam_desk import (
    IdentityDesk,
    Operation,
    Parameters,
    invalid,
    listed,
    needed,
)
from waag.sandbox.keys import KeyMaker
from waag.sandbox.refusals import Conflict, NotFound
from waag.sandbox.xml import Content
from waag.sandbox.xml_instants import shown_instant
from waag.services.access import Signed

KEYS_MAX = 2
"""Of one user. Source: IAM User Guide, "IAM and AWS STS quotas"."""

_STATUSES = {"Active": True, "Inactive": False}


class KeyOperations:
    """What is done to access keys.

    Args:
        desk: see there.
        clock: when keys are made.
        keys: makes them.
    """

    def __init__(self, desk: IdentityDesk, clock: Clock, keys: KeyMaker) -> None:
        self._desk = desk
        self._clock = clock
        self._keys = keys

    def operations(self) -> dict[str, Operation]:
        """All of them, by name."""
        return {
            "CreateAccessKey": self._create,
            "ListAccessKeys": self._list,
            "UpdateAccessKey": self._update,
            "DeleteAccessKey": self._delete,
        }

    def _create(self, signed: Signed, given: Parameters) -> Content:
        user = self._desk.found(signed, "CreateAccessKey", IdentityKind.USER, given)
        if len(self._desk.identities.long_term_keys(user.key)) >= KEYS_MAX:
            raise Conflict(
                "LimitExceeded", f"Cannot exceed quota for AccessKeysPerUser: {KEYS_MAX}"
            )
        key = AccessKey(self._keys.access_key_id("AKIA"), user.key, self._clock.now())
        secret = self._keys.secret_access_key()
        self._desk.identities.put_key(key, secret, None)
        return [("AccessKey", [*_shown(key), ("SecretAccessKey", secret)])]

    def _list(self, signed: Signed, given: Parameters) -> Content:
        user = self._desk.found(signed, "ListAccessKeys", IdentityKind.USER, given)
        keys = self._desk.identities.long_term_keys(user.key)
        return listed("AccessKeyMetadata", [_shown(key) for key in keys])

    def _update(self, signed: Signed, given: Parameters) -> None:
        user = self._desk.found(signed, "UpdateAccessKey", IdentityKind.USER, given)
        status = needed(given, "Status")
        if status not in _STATUSES:
            raise invalid("Status", status, "Active or Inactive")
        key = self._of(user, given)
        self._desk.identities.set_key(key.access_key_id, active=_STATUSES[status])

    def _delete(self, signed: Signed, given: Parameters) -> None:
        user = self._desk.found(signed, "DeleteAccessKey", IdentityKind.USER, given)
        self._desk.identities.remove_key(self._of(user, given).access_key_id)

    def _of(self, user: Identity, given: Parameters) -> AccessKey:
        wanted = needed(given, "AccessKeyId")
        for key in self._desk.identities.long_term_keys(user.key):
            if key.access_key_id == wanted:
                if key.of_market:
                    raise Conflict(
                        "DeleteConflict",
                        f"The access key {wanted} is the market file's; it is changed there.",
                    )
                return key
        raise NotFound("NoSuchEntity", f"The Access Key with id {wanted} cannot be found.")


def _shown(key: AccessKey) -> list[tuple[str, Content]]:
    return [
        ("UserName", key.owner.name),
        ("AccessKeyId", key.access_key_id),
        ("Status", "Active" if key.active else "Inactive"),
        ("CreateDate", shown_instant(key.created)),
    ]

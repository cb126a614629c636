"""What this room needs kept, as protocols; the room `storage` implements them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from waag.domain.identities import AccessKey, Identity, IdentityKind, IdentityName


class Identities(Protocol):
    """Users, roles and policies, and what they sign with.

    Each change is on disk, and counts on every front, before the call returns. Whoever calls sees
    to it that no other change comes between what was looked up and what is changed.

    Raises:
        StoreUnavailable: from any call; nothing was changed.
    """

    def identity(self, key: IdentityName, /) -> Identity | None:
        """The identity of this name, the market file's users among them."""
        ...

    def identities(self, account_id: str, kind: IdentityKind, /) -> Sequence[Identity]:
        """Those of one account and kind, by name."""
        ...

    def put(self, identity: Identity, /) -> None:
        """Add an identity, or change its document."""
        ...

    def remove(self, key: IdentityName, /) -> None:
        """Remove an identity, and everything that it signs with."""
        ...

    def inline_policies(self, owner: IdentityName, /) -> Mapping[str, str]:
        """The documents of its own policies, by name."""
        ...

    def put_inline_policy(self, owner: IdentityName, name: str, document: str, /) -> None:
        """Add a policy of its own, or change it."""
        ...

    def remove_inline_policy(self, owner: IdentityName, name: str, /) -> None:
        """Remove a policy of its own."""
        ...

    def attached_policies(self, owner: IdentityName, /) -> Sequence[str]:
        """ARNs of the managed policies attached to it."""
        ...

    def attachments_of(self, policy_arn: str, /) -> int:
        """To how many identities a managed policy is attached."""
        ...

    def attach(self, owner: IdentityName, policy_arn: str, /) -> None:
        """Attach a managed policy."""
        ...

    def detach(self, owner: IdentityName, policy_arn: str, /) -> None:
        """Detach a managed policy."""
        ...

    def long_term_keys(self, user: IdentityName, /) -> Sequence[AccessKey]:
        """What a user signs with, oldest first, the market file's among them."""
        ...

    def put_key(self, key: AccessKey, secret_access_key: str, session_token: str | None, /) -> None:
        """Add an access key."""
        ...

    def set_key(self, access_key_id: str, *, active: bool) -> None:
        """Say whether an access key may be used."""
        ...

    def remove_key(self, access_key_id: str, /) -> None:
        """Remove an access key."""
        ...

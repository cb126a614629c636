"""What this room needs kept, as protocols; the room `storage` implements them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import BinaryIO, Protocol

from waag.domain.configuration_requests import ConfigurationRequest
from waag.domain.identities import AccessKey, Identity, IdentityKind, IdentityName
from waag.domain.market import Enrollment
from waag.domain.objects import Bucket, Part, StoredObject, Upload


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


class Objects(Protocol):
    """Buckets and objects; what a call has changed is on disk when it returns.

    Raises:
        StoreUnavailable: from any call; nothing was changed.
    """

    def bucket(self, name: str, /) -> Bucket | None:
        """The bucket of this name, whosever it is."""
        ...

    def buckets(self, account_id: str, /) -> Sequence[Bucket]:
        """An account's buckets, by name."""
        ...

    def put_bucket(self, bucket: Bucket, /) -> Bucket:
        """Add a bucket, unless there is one of this name: the one there is."""
        ...

    def set_policy(self, bucket: str, policy: str | None, /) -> None:
        """Give a bucket a policy, or none."""
        ...

    def remove_bucket(self, bucket: Bucket, /) -> bool:
        """Remove a bucket and its unfinished uploads; not one that has objects."""
        ...

    def put(
        self,
        bucket: Bucket,
        draft: StoredObject,
        chunks: Iterable[bytes],
        admit: Callable[[StoredObject | None], None],
        upload: str | None = None,
    ) -> StoredObject | None:
        """Store an object, if what stands under its key is admitted; None if the bucket is gone.

        Its size is found out; so is its ETag, if that is empty. An upload may end by it.
        """
        ...

    def find(self, bucket: Bucket, key: str, /) -> StoredObject | None:
        """What is known of an object."""
        ...

    def open(self, bucket: Bucket, key: str, /) -> tuple[StoredObject, BinaryIO] | None:
        """An object and its bytes, which stay these whatever becomes of the key."""
        ...

    def list(
        self, bucket: Bucket, after: bytes, before: bytes, limit: int, /
    ) -> Sequence[StoredObject]:
        """At most so many objects between two keys in UTF-8, both left out, in order."""
        ...

    def remove(self, bucket: Bucket, key: str, /) -> None:
        """Remove an object, if there is one."""
        ...

    def begin_upload(self, upload: Upload, /) -> None:
        """Keep an upload that is begun."""
        ...

    def upload(self, upload_id: str, /) -> Upload | None:
        """An upload that is under way."""
        ...

    def uploads(self, bucket: str, /) -> Sequence[Upload]:
        """A bucket's uploads that are under way, by key."""
        ...

    def put_part(self, upload: Upload, draft: Part, chunks: Iterable[bytes], /) -> Part:
        """Store a part; its size and ETag are found out."""
        ...

    def parts(self, upload_id: str, /) -> Sequence[Part]:
        """An upload's parts, in order."""
        ...

    def chunks_of_parts(self, upload_id: str, numbers: Sequence[int], /) -> Iterable[bytes]:
        """The bytes of parts, one after another."""
        ...

    def abort_upload(self, upload_id: str, /) -> None:
        """Let go of an upload and of its parts."""
        ...


class Journal(Protocol):
    """The requests that made topics, queues and rules what they are.

    Raises:
        StoreUnavailable: from any call; nothing was changed.
    """

    def all(self) -> Sequence[ConfigurationRequest]:
        """Every request that still counts, in order."""
        ...

    def has(self, action: str, resource: str, /, *, below: bool = False) -> bool:
        """Whether one of this action counts, on a resource; `below` it, if its ARN is a path."""
        ...

    def append(self, made: ConfigurationRequest, /) -> None:
        """Keep a request, unless it only says again what was said last."""
        ...

    def forget(self, resource: str, /) -> None:
        """Let go of what made a resource that is removed."""
        ...


class Enrolled(Protocol):
    """Which of the market's enrollments were seen to.

    Raises:
        StoreUnavailable: from any call; nothing was changed.
    """

    def not_enrolled(self) -> Sequence[Enrollment]:
        """Those that are new, or other than they were."""
        ...

    def enrolled(self, enrollment: Enrollment, /) -> None:
        """Remember one."""
        ...

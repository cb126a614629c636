"""Identities of the embedded IAM on SQLite: one store with the market's principals.

A change is committed by the one writer, and done once every front has forgotten what it remembered
of those whom the change is about.
"""

from collections.abc import Mapping, Sequence

import apsw
import msgspec

from waag.domain.identities import AccessKey, Identity, IdentityKind, IdentityName
from waag.domain.instants import HOUR, Instant
from waag.domain.market_look_ups import LOOK_UPS_MAX, AlteredLookUps, LookUp
from waag.storage.link import MarketChanged
from waag.storage.queries import Row, query
from waag.storage.reader import Reader
from waag.storage.secret_box import SecretBox
from waag.storage.writer import Writer

ENDED_SESSIONS_KEPT = 24 * HOUR
"""So long after its end a session's key is told from one that never was."""


class SqliteIdentities:
    """Implements the sandbox's store of identities.

    Args:
        writer: who owns the connection that writes.
        reader: closed with this.
        secrets: seals what access keys and sessions sign with.

    Raises:
        StoreUnavailable: from any call; nothing was changed.
    """

    def __init__(self, writer: Writer, reader: Reader, secrets: SecretBox) -> None:
        self._writer = writer
        self._reader = reader
        self._secrets = secrets

    def identity(self, key: IdentityName) -> Identity | None:
        """The identity of this name, the market file's users among them."""
        rows = self._reader.rows("identity", _columns(key))
        if not rows and key.kind is IdentityKind.USER:
            rows = self._reader.rows("market_user", (key.account_id, key.name))
        return _to_identity(rows[0]) if rows else None

    def identities(self, account_id: str, kind: IdentityKind) -> Sequence[Identity]:
        """Those of one account and kind, by name."""
        return [
            _to_identity(row) for row in self._reader.rows("identities", (account_id, kind.value))
        ]

    def put(self, identity: Identity) -> None:
        """Add an identity, or change its document."""
        row = (
            *_columns(identity.key),
            identity.path,
            identity.id,
            identity.created,
            identity.document,
            identity.description,
            identity.session_seconds_max,
        )
        self._change(identity.key, "put_identity", row)

    def remove(self, key: IdentityName) -> None:
        """Remove an identity, and everything that it signs with."""

        def carry_out(connection: apsw.Connection) -> list[str]:
            keys = _keys_of(connection, key)
            query(connection, "remove_identity", _columns(key))
            query(connection, "remove_keys_of_identity", _columns(key))
            return keys

        self._writer.change(carry_out, _altered)

    def inline_policies(self, owner: IdentityName) -> Mapping[str, str]:
        """The documents of its own policies, by name."""
        return dict(self._reader.rows("inline_policies", _columns(owner)))

    def put_inline_policy(self, owner: IdentityName, name: str, document: str) -> None:
        """Add a policy of its own, or change it."""
        self._change(owner, "put_inline_policy", (*_columns(owner), name, document))

    def remove_inline_policy(self, owner: IdentityName, name: str) -> None:
        """Remove a policy of its own."""
        self._change(owner, "remove_inline_policy", (*_columns(owner), name))

    def attached_policies(self, owner: IdentityName) -> Sequence[str]:
        """ARNs of the managed policies attached to it."""
        return [arn for (arn,) in self._reader.rows("attached_policies", _columns(owner))]

    def attachments_of(self, policy_arn: str) -> int:
        """To how many identities a managed policy is attached."""
        return self._reader.rows("attachments_of", (policy_arn,))[0][0]

    def attach(self, owner: IdentityName, policy_arn: str) -> None:
        """Attach a managed policy."""
        name = policy_arn.rsplit("/", 1)[-1]
        self._change(owner, "attach_policy", (*_columns(owner), policy_arn, name))

    def detach(self, owner: IdentityName, policy_arn: str) -> None:
        """Detach a managed policy."""
        self._change(owner, "detach_policy", (*_columns(owner), policy_arn))

    def long_term_keys(self, user: IdentityName) -> Sequence[AccessKey]:
        """What a user signs with, oldest first, the market file's among them."""
        rows = self._reader.rows("long_term_keys", (user.account_id, user.name))
        return [_to_key(row) for row in rows]

    def put_key(self, key: AccessKey, secret_access_key: str, session_token: str | None) -> None:
        """Add an access key; the keys of sessions that ended long ago are removed meanwhile."""
        secrets = msgspec.json.encode((secret_access_key, session_token))
        row = (
            key.access_key_id,
            *_columns(key.owner),
            key.session,
            key.active,
            key.created,
            key.expires,
            self._secrets.seal(secrets, key.access_key_id),
        )

        def carry_out(connection: apsw.Connection) -> list[str]:
            query(connection, "remove_ended_sessions", (_long_ago(key.created),))
            query(connection, "put_identity_key", row)
            return [key.access_key_id]

        self._writer.change(carry_out, _altered)

    def set_key(self, access_key_id: str, *, active: bool) -> None:
        """Say whether an access key may be used."""
        self._change_key("set_identity_key", (active, access_key_id), access_key_id)

    def remove_key(self, access_key_id: str) -> None:
        """Remove an access key."""
        self._change_key("remove_identity_key", (access_key_id,), access_key_id)

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()

    def _change(self, owner: IdentityName, name: str, row: Row) -> None:
        def carry_out(connection: apsw.Connection) -> list[str]:
            query(connection, name, row)
            return _keys_of(connection, owner)

        self._writer.change(carry_out, _altered)

    def _change_key(self, name: str, row: Row, access_key_id: str) -> None:
        def carry_out(connection: apsw.Connection) -> list[str]:
            query(connection, name, row)
            return [access_key_id]

        self._writer.change(carry_out, _altered)


def _columns(key: IdentityName) -> Row:
    return (key.account_id, key.kind.value, key.name)


def _keys_of(connection: apsw.Connection, owner: IdentityName) -> list[str]:
    return [each for (each,) in query(connection, "keys_of_identity", _columns(owner))]


def _altered(access_key_ids: Sequence[str]) -> MarketChanged | None:
    if not access_key_ids:
        return None
    if len(access_key_ids) > LOOK_UPS_MAX:
        return MarketChanged(AlteredLookUps(None))
    look_ups = tuple((LookUp.PRINCIPAL, each) for each in access_key_ids)
    return MarketChanged(AlteredLookUps(look_ups))


def _long_ago(now: Instant) -> Instant:
    return now - ENDED_SESSIONS_KEPT


def _to_identity(row: Row) -> Identity:
    account_id, kind, name, *rest = row
    path, unique_id, created, document, description, seconds, of_market = rest
    key = IdentityName(account_id, IdentityKind(kind), name)
    return Identity(
        key, path, unique_id, created, document, description, seconds, of_market=bool(of_market)
    )


def _to_key(row: Row) -> AccessKey:
    access_key_id, account_id, kind, name, created, active, *rest = row
    session, expires, of_market = rest
    owner = IdentityName(account_id, IdentityKind(kind), name)
    return AccessKey(
        access_key_id, owner, created, bool(active), session, expires, of_market=bool(of_market)
    )

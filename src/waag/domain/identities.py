"""Users, roles and managed policies that the embedded IAM has made, and the keys they sign with.

Values only; which operations there are is the sandbox's concern, where they are kept the store's.
"""

import hmac
from enum import Enum

import msgspec

from waag.domain.analytics.enrollments import Enrollment
from waag.domain.instants import Instant

BUILT_IN_PATH = "arn:aws:iam::aws:policy/"
"""What the ARNs of the policies begin with that are there without being made."""


class IdentityKind(Enum):
    """What can have a name and policies in an account."""

    USER = "user"
    ROLE = "role"
    POLICY = "policy"


class IdentityName(msgspec.Struct, frozen=True, order=True):
    """By what an identity is found: names are unique by account and kind, case included."""

    account_id: str
    kind: IdentityKind
    name: str


class Identity(msgspec.Struct, frozen=True):
    """A user, a role or a managed policy.

    Attributes:
        path: begins and ends with a slash.
        id: AWS's unique id, such as AIDA….
        document: a role's trust policy, or a policy's document, as given; empty for a user.
        description: as given.
        session_seconds_max: how long a session of a role may last.
        of_market: the market file says who it is; it cannot be removed here.
    """

    key: IdentityName
    path: str
    id: str
    created: Instant
    document: str = ""
    description: str = ""
    session_seconds_max: int = 3600
    of_market: bool = False

    @property
    def arn(self) -> str:
        """arn:aws:iam::ACCOUNT:KIND/PATH/NAME."""
        key = self.key
        return f"arn:aws:iam::{key.account_id}:{key.kind.value}{self.path}{key.name}"


class AccessKey(msgspec.Struct, frozen=True):
    """What somebody signs with, without its secret.

    Attributes:
        session: the name of a role's session; empty for a user's; None for a long-term key.
        expires: when the session is over.
        of_market: the market file says so; it cannot be changed here.
    """

    access_key_id: str
    owner: IdentityName
    created: Instant
    active: bool = True
    session: str | None = None
    expires: Instant | None = None
    of_market: bool = False


def name_of_arn(arn: str) -> IdentityName | None:
    """Whose ARN this is; None if it is none of a user, a role or a managed policy."""
    parts = arn.split(":", 5)
    kinds = {kind.value: kind for kind in IdentityKind}
    kind, _, path_and_name = parts[-1].partition("/")
    if parts[:4] != ["arn", "aws", "iam", ""] or kind not in kinds or not path_and_name:
        return None
    return IdentityName(parts[4], kinds[kind], path_and_name.rsplit("/", 1)[-1])


def external_id(secret_key: bytes, enrollment: Enrollment) -> str:
    """What a seller's role asks for when data sets are delivered; always the same.

    A UUID, unless the enrollment names one.
    """
    if enrollment.external_id is not None:
        return enrollment.external_id
    named = b"external id of " + enrollment.seller.encode()
    digest = hmac.digest(secret_key, named, "sha256").hex()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"

"""What things of revenue measurement are called: ids made and ARNs made and read.

ARNs say us-east-1 and the partition aws, whatever Region was called. Source: the examples of the
model; IAM, Service Authorization Reference, AWS Partner Central.
"""

import re
from collections.abc import Sequence
from enum import Enum

import msgspec

ID_CHARACTERS = 13
ID_BYTES = 16
"""How many random bytes an id is made of: so many more than it has room for that all are alike."""

REGION = "us-east-1"

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
# As bytes are no multiple of characters, four characters in 36 are a seventh more likely.
_CHARACTER_OF_BYTE = bytes(ord(_ALPHABET[octet % len(_ALPHABET)]) for octet in range(256))
_ARN = re.compile(
    r"arn:aws:partnercentral:us-east-1:([0-9]{12}):catalog/(\w+)/([\w-]+)/([\w-]+)", re.ASCII
)
_ARN_CATALOG = re.compile(r"[^/]*:catalog/([a-zA-Z]+)/")


class Catalog(Enum):
    """The real one, or the one to try things in."""

    AWS = "AWS"
    SANDBOX = "Sandbox"


class Scope(msgspec.Struct, frozen=True):
    """Whose it is, and in which catalog."""

    account_id: str
    catalog: Catalog

    def __str__(self) -> str:
        """For a person."""
        return f"account {self.account_id}, catalog {self.catalog.value}"


class IdKind(Enum):
    """What an id begins with, by what it is of."""

    ATTRIBUTION = "ra"
    ALLOCATION = "alloc"
    TASK = "raatask"
    SHARE_ALLOCATION = "mrsa"


class ResourceType(Enum):
    """What has an ARN. Source: IAM, Service Authorization Reference, AWS Partner Central."""

    ATTRIBUTION = "revenue-attribution"
    SHARE = "marketplace-revenue-share"


class Resource(msgspec.Struct, frozen=True):
    """An attribution or a share that there may be.

    Attributes:
        id: of an attribution its own, of a share its product's.
    """

    scope: Scope
    type: ResourceType
    id: str

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"{_arn_start(self.scope)}{self.type.value}/{self.id}"


def new_id(kind: IdKind, octets: bytes) -> str:
    """An id of random bytes, of which there are ID_BYTES."""
    number = int.from_bytes(octets)
    characters: list[str] = []
    for _ in range(ID_CHARACTERS):
        number, digit = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[digit])
    return f"{kind.value}-{''.join(characters)}"


def new_ids(kind: IdKind, octets: bytes) -> Sequence[str]:
    """Ids of random bytes, one of each ID_CHARACTERS of them."""
    characters = octets.translate(_CHARACTER_OF_BYTE).decode()
    return [
        f"{kind.value}-{characters[start : start + ID_CHARACTERS]}"
        for start in range(0, len(characters), ID_CHARACTERS)
    ]


def attribution_resource(scope: Scope, attribution_id: str) -> Resource:
    """An attribution by its id."""
    return Resource(scope, ResourceType.ATTRIBUTION, attribution_id)


def share_resource(scope: Scope, product_id: str) -> Resource:
    """The share of a product."""
    return Resource(scope, ResourceType.SHARE, product_id)


def share_allocation_arn(scope: Scope, allocation_id: str) -> str:
    """The ARN of a share's allocation. Source: the examples of the model."""
    return f"{_arn_start(scope)}marketplace-revenue-share-allocation/{allocation_id}"


def read_resource_arn(arn: str) -> Resource | None:
    """What an ARN is of; None if nothing that there could be has it."""
    found = _ARN.fullmatch(arn)
    if found is None:
        return None
    account_id, catalog, kind, resource_id = found.groups()
    try:
        return Resource(Scope(account_id, Catalog(catalog)), ResourceType(kind), resource_id)
    except ValueError:
        return None


def catalog_in(arn: str) -> str:
    """The catalog that an ARN of any partition and Region names; empty if it names none."""
    found = _ARN_CATALOG.match(arn)
    return "" if found is None else found[1]


def attribution_id_of(identifier: str, scope: Scope) -> str | None:
    """The id of the attribution that an id or ARN names; None if the ARN is not of this scope."""
    if not identifier.startswith("arn:"):
        return identifier
    named = read_resource_arn(identifier)
    if named is None or named.scope != scope or named.type is not ResourceType.ATTRIBUTION:
        return None
    return named.id


def _arn_start(scope: Scope) -> str:
    catalog = scope.catalog.value
    return f"arn:aws:partnercentral:{REGION}:{scope.account_id}:catalog/{catalog}/"

"""Why a request of revenue measurement is not carried out: one branch of the tree of refusals.

Refusal
├── AccessDenied
│   └── NotRegistered        the account is not one of Partner Central
├── FieldsInvalid            fields that are well formed but break rules, all of them
│   └── RequestInvalid       fields that are not well formed in a way the model cannot say
├── ResourceUnknown          no such attribution, share, allocation, task or revision
├── RevisionMismatch         the caller changes another revision than the latest
├── ConcurrentModification   somebody else has changed it meanwhile
├── AlreadyExists            a name, or a product's share, that there is already
├── ClientTokenConflict      the token was used for another request
├── AttributionQuotaExceeded the account has as many attributions as it may have
└── TagQuotaExceeded         more tags than the resource may have, at its creation
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from waag.domain.refusals import AccessDenied, Refusal

ProblemCode = Literal[
    "REQUIRED_FIELD_MISSING",
    "DUPLICATE_VALUE",
    "INVALID_VALUE",
    "INVALID_STRING_FORMAT",
    "TOO_MANY_VALUES",
    "ACTION_NOT_PERMITTED",
]


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with one field.

    Attributes:
        name: its path, such as RevenueShareAllocations[3].EffectiveFrom.
        message: the offending value and what would have passed.
    """

    name: str
    message: str
    code: ProblemCode


class FieldsInvalid(Refusal):
    """Fields that are well formed, but break a rule or do not fit what there is.

    Attributes:
        problems: at least one, and all that were found at this stage.
    """

    rule = "attribution.rules"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{each.name}: {each.message}" for each in problems))
        self.problems = tuple(problems)


class RequestInvalid(FieldsInvalid):
    """Fields that can be seen to be wrong without knowing anything but the request."""

    rule = "attribution.request"


class NotRegistered(AccessDenied):
    """The caller's policies allow the action, but its account is not registered as a partner."""

    rule = "attribution.registration"


class ResourceUnknown(Refusal):
    """Nothing there by the name that the caller gave, or nothing of the caller's."""

    rule = "attribution.unknown"


class RevisionMismatch(Refusal):
    """A change of a revision that is not the latest."""

    rule = "attribution.revision"


class ConcurrentModification(Refusal):
    """A change that was overtaken by another one; the caller may look again and repeat it."""

    rule = "attribution.concurrent"


class AlreadyExists(Refusal):
    """Something else has the name."""

    rule = "attribution.exists"


class ClientTokenConflict(Refusal):
    """A ClientToken that was used before, for a request with other parameters."""

    rule = "attribution.token"


class AttributionQuotaExceeded(Refusal):
    """One attribution more than an account may have in a catalog."""

    rule = "attribution.quota"


class TagQuotaExceeded(Refusal):
    """More tags than a resource may be created with."""

    rule = "attribution.tag-quota"

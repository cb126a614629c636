"""A seller's request that an agreement be cancelled: what is known of one, and how it ends.

Which commands lead there is `agreement_cancellation`'s concern.

Source: botocore 1.44.5, marketplace-agreement, SendAgreementCancellationRequest and its siblings;
AWS Marketplace Seller Guide, EventBridge events for cancellations: approved after 7 days.
"""

from enum import Enum
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from waag.domain.instants import DAY, INSTANT_MAX, Instant

DECIDED_AFTER = 7 * DAY
"""After so long without an answer of the buyer's a request is approved."""

ReasonCode: TypeAlias = Literal[
    "INCORRECT_TERMS_ACCEPTED",
    "REPLACING_AGREEMENT",
    "TEST_AGREEMENT",
    "ALTERNATIVE_PROCUREMENT_CHANNEL",
    "PRODUCT_DISCONTINUED",
    "UNINTENDED_RENEWAL",
    "BUYER_DISSATISFACTION",
    "OTHER",
]


class RequestStatus(Enum):
    """How far a request has come; the names are AWS's, `value` is the word in events' names."""

    PENDING_APPROVAL = "Pending Approval"
    APPROVED = "Approved"
    REJECTED = "Rejected"
    CANCELLED = "Cancelled"
    """The seller has withdrawn it."""
    VALIDATION_FAILED = "Validation Failed"
    """The agreement had ended otherwise."""


class CancellationRequest(msgspec.Struct, frozen=True, gc=False):
    """One request.

    Attributes:
        description: what the seller says beside the code; may be empty.
        status_message: why it was rejected, withdrawn or failed; else empty.
    """

    id: str
    reason_code: ReasonCode
    description: str
    status: RequestStatus
    status_message: str
    created: Instant
    updated: Instant

    @property
    def pending(self) -> bool:
        """Whether it waits for the buyer."""
        return self.status is RequestStatus.PENDING_APPROVAL

    @property
    def approves_itself(self) -> Instant | None:
        """When the clock approves it; None once it is decided."""
        return min(self.created + DECIDED_AFTER, INSTANT_MAX) if self.pending else None

    def decided(
        self, status: RequestStatus, at: Instant, message: str = ""
    ) -> "CancellationRequest":
        """The same, as it is from `at` on."""
        return replace(self, status=status, status_message=message, updated=at)

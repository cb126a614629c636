"""Where AWS is silent about revenue measurement: what is taken, and limits it does not tell."""

from enum import Enum
from typing import Annotated

import msgspec
from msgspec import Meta

Whole = Annotated[int, Meta(ge=0)]


class SandboxLookUps(Enum):
    """Whether products and deals named in the catalog Sandbox have to be in the market."""

    MARKET = "market"
    NONE = "none"


class ShareAllocationStart(Enum):
    """From which month on the allocation of a share may begin."""

    CURRENT_MONTH = "current-month"
    ANY_MONTH = "any-month"


class AllocationMonths(Enum):
    """Whether one allocation of an attribution may be effective for several months."""

    SEVERAL = "several"
    ONE = "one"


class AttributionChoices(msgspec.Struct, frozen=True):
    """Which reading is taken of what revenue measurement leaves open.

    Attributes:
        client_token_seconds: how long a ClientToken stands for the request it was sent with.
        attributions_max: how many an account may have in one catalog.
        attribution_tags_max: how many tags one attribution may have.
        allocation_task_seconds: from the start of a task until it is carried out.
    """

    client_token_seconds: Whole = 86_400
    attributions_max: Whole = 10_000
    attribution_tags_max: Whole = 200
    sandbox_look_ups: SandboxLookUps = SandboxLookUps.MARKET
    share_allocation_start: ShareAllocationStart = ShareAllocationStart.CURRENT_MONTH
    allocation_months: AllocationMonths = AllocationMonths.SEVERAL
    allocation_task_seconds: Whole = 0

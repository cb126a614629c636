"""Who has enrolled in the delivery of data sets, and where to."""

from datetime import date

import msgspec


class Enrollment(msgspec.Struct, frozen=True):
    """Where a seller's data sets may be delivered.

    Attributes:
        external_id: what the role's trust policy asks for; None for the one that Waag makes.
        policy: the name of the role's inline policy; None for the usual one.
        joined: since when the seller sells; None for the day of the first agreement.
    """

    seller: str
    role: str
    bucket: str
    topic: str
    external_id: str | None = None
    policy: str | None = None
    joined: date | None = None

"""What only the keeper has, and operations that are answered in its process need."""

import msgspec

from waag.ports import SigningKeys, Workloads


class Desk(msgspec.Struct, frozen=True):
    """One attribute for each port."""

    workloads: Workloads
    signing_keys: SigningKeys

"""A request that made a topic, a queue or a rule of the embedded AWS what it is."""

import msgspec


class ConfigurationRequest(msgspec.Struct, frozen=True):
    """One such request, to be made again when the server starts anew.

    Attributes:
        account_id: whose resource it is about.
        resource: its ARN.
        seed: what the ids were drawn from that it made.
        request: in a form that only its reader knows.
    """

    account_id: str
    region: str
    service: str
    action: str
    resource: str
    seed: int
    request: bytes

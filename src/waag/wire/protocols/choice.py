"""Which protocol a request speaks, and what it asks for there."""

from waag.exchange import Request
from waag.wire.protocols import Claim, Services, WireProtocol, media_type
from waag.wire.protocols.aws_json import AWS_JSON_1_0, AWS_JSON_1_1
from waag.wire.protocols.rpc_v2_cbor import RPC_V2_CBOR


def protocol_of(request: Request) -> WireProtocol:
    """The protocol to answer in, whether or not the request can be carried out.

    A request that speaks none is answered in JSON 1.1, which every client shows legibly.
    """
    if request.headers.get("smithy-protocol") == RPC_V2_CBOR.name:
        return RPC_V2_CBOR
    if media_type(request) == AWS_JSON_1_0.content_type:
        return AWS_JSON_1_0
    return AWS_JSON_1_1


def claim(request: Request, services: Services) -> Claim:
    """The operation that `request` asks for, in the protocol that it speaks.

    Raises:
        NotClaimed: it asks for none that is served; `protocol_of` tells how to answer.
    """
    return protocol_of(request).claim(request, services)

"""Requests to the embedded AWS: told from others by their credential scope, and proven.

Who may do what, and what is answered, is the concern of the room `sandbox`; bodies are handed over
as the caller meant them, out of the chunks in which SDKs stream them to S3.
"""

from collections.abc import Callable, Mapping, Sequence

from waag.domain.instants import SECOND, format_instant
from waag.domain.market import Market, Principal
from waag.exchange import Request
from waag.ports import Clock
from waag.services.access import Signed
from waag.wire.authentication import Authenticator, Credentials
from waag.wire.object_signatures import ObjectAuthenticator
from waag.wire.pipeline import source_ip
from waag.wire.presigned import is_presigned, presigned_service
from waag.wire.signature_refusals import AccessKeyUnknown, refuse_expired

EMBEDDED_SERVICES = frozenset({"s3", "sns", "sqs", "sts", "iam", "events"})
"""The signing names that are answered by the embedded AWS."""

OBJECT_BYTES_MAX = 64 * 1024 * 1024
"""The largest body sent to S3: of one object, or one part of one."""

_TERMINATOR = "/aws4_request"
_TARGETS = ("AmazonSQS.", "AWSEvents.")


def embedded_service(request: Request) -> str | None:
    """The signing name, if it is one of the embedded AWS; the body is not looked at.

    A request that names an operation of another service is that service's, whatever its scope.
    """
    headers = request.headers
    target = headers.get("x-amz-target")
    if "smithy-protocol" in headers or (target and not target.startswith(_TARGETS)):
        return None
    header = headers.get("authorization")
    if header is None:
        service = presigned_service(request.query) if request.query else ""
    else:
        end = header.find(_TERMINATOR)
        service = header[header.rfind("/", 0, end) + 1 : end] if end > 0 else ""
    return service if service in EMBEDDED_SERVICES else None


class EmbeddedAuthenticator:
    """Verifies who signed a request to the embedded AWS.

    Args:
        market: whose credentials count, those made by the embedded IAM among them.
        clock: what dates and sessions are judged by.
    """

    def __init__(self, market: Market, clock: Clock) -> None:
        self._market = market
        self._clock = clock
        find: Callable[[str], Credentials | None] = self._credentials
        self._plain = Authenticator(find)
        self._objects = ObjectAuthenticator(find)

    def authenticate(self, request: Request, service: str) -> Signed:
        """The proven signer, and what was sent.

        Raises:
            SignatureRefused: a subclass says what is wrong.
        """
        clocks = (self._clock.real(), self._clock.now())
        trailers: Mapping[str, str] = {}
        if service == "s3" or is_presigned(request.query):
            found = self._objects.authenticate(request, service, clocks)
            key, region = found.access_key_id, found.region
            body, trailers = found.body, found.trailers
        else:
            signer = self._plain.authenticate(request, service, clocks)
            key, region = signer.access_key_id, signer.region
            body = request.body
        principal = self._market.principal(key)
        if principal is None:
            raise AccessKeyUnknown(f"The access key {key!r} was withdrawn a moment ago.")
        refuse_expired(principal, self._clock.now())
        context = self._context(request, principal, region)
        return Signed(principal, region, body, trailers, context)

    def _credentials(self, access_key_id: str) -> Credentials | None:
        principal = self._market.principal(access_key_id)
        if principal is None:
            return None
        return Credentials(principal.secret_access_key, principal.session_token)

    def _context(
        self, request: Request, principal: Principal, region: str
    ) -> Mapping[str, str | Sequence[str]]:
        """The global condition keys. Source: IAM, global condition context keys."""
        now = self._clock.now()
        return {
            "aws:CurrentTime": format_instant(now),
            "aws:EpochTime": str(now // SECOND),
            "aws:RequestedRegion": region,
            "aws:SecureTransport": "false",
            "aws:SourceIp": source_ip(request.client),
            "aws:UserAgent": request.headers.get("user-agent", ""),
            **principal.context,
        }

"""How each of the six services is spoken to, and how it says no.

S3 speaks restXml; SNS, STS and IAM the query protocol; EventBridge AWS JSON 1.1; SQS AWS JSON 1.0,
or the query protocol as older SDKs do.
"""

import json
from enum import Enum
from urllib.parse import parse_qsl

from waag.domain.refusals import AccessDenied, Refusal, StoreUnavailable
from waag.exchange import Reply, Request
from waag.sandbox.refusals import EmbeddedRefusal, InputInvalid
from waag.sandbox.xml import Content, document

NAMESPACES = {
    "s3": "http://s3.amazonaws.com/doc/2006-03-01/",
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
    "sns": "http://sns.amazonaws.com/doc/2010-03-31/",
    "sqs": "http://queue.amazonaws.com/doc/2012-11-05/",
}

_SERVER_ERROR = 500


class Dialect(Enum):
    """What a service writes its errors in."""

    REST_XML = "restXml"
    QUERY = "query"
    JSON = "json"


def dialect_of(service: str, request: Request) -> Dialect:
    """In what a request is answered."""
    if service == "s3":
        return Dialect.REST_XML
    if service == "events" or (service == "sqs" and "x-amz-target" in request.headers):
        return Dialect.JSON
    return Dialect.QUERY


# Of each rule: the code and status in restXml, in the query protocol and in JSON.
_CODES = {
    "signature.missing": (
        ("AccessDenied", 403),
        ("MissingAuthenticationToken", 403),
        ("MissingAuthenticationTokenException", 400),
    ),
    "signature.incomplete": (
        ("AuthorizationHeaderMalformed", 400),
        ("IncompleteSignature", 400),
        ("IncompleteSignatureException", 400),
    ),
    "signature.expired": (
        ("RequestTimeTooSkewed", 403),
        ("SignatureDoesNotMatch", 403),
        ("InvalidSignatureException", 400),
    ),
    "signature.scope": (
        ("AuthorizationHeaderMalformed", 400),
        ("SignatureDoesNotMatch", 403),
        ("InvalidSignatureException", 400),
    ),
    "signature.headers": (
        ("AccessDenied", 403),
        ("SignatureDoesNotMatch", 403),
        ("InvalidSignatureException", 400),
    ),
    "signature.payload": (
        ("XAmzContentSHA256Mismatch", 400),
        ("SignatureDoesNotMatch", 403),
        ("InvalidSignatureException", 400),
    ),
    "signature.key": (
        ("InvalidAccessKeyId", 403),
        ("InvalidClientTokenId", 403),
        ("UnrecognizedClientException", 400),
    ),
    "signature.session": (
        ("InvalidToken", 400),
        ("InvalidClientTokenId", 403),
        ("UnrecognizedClientException", 400),
    ),
    "signature.expired-session": (
        ("ExpiredToken", 400),
        ("ExpiredToken", 403),
        ("ExpiredTokenException", 400),
    ),
}
_CODES["signature.algorithm"] = _CODES["signature.incomplete"]
_CODES["signature.early"] = _CODES["signature.expired"]
_ANY_OTHER_SIGNATURE = (
    ("SignatureDoesNotMatch", 403),
    ("SignatureDoesNotMatch", 403),
    ("InvalidSignatureException", 400),
)
_DENIED = (("AccessDenied", 403), ("AccessDenied", 403), ("AccessDeniedException", 400))
_UNAVAILABLE = (
    ("ServiceUnavailable", 503),
    ("ServiceUnavailable", 503),
    ("ServiceUnavailable", 503),
)
_PLACES = (Dialect.REST_XML, Dialect.QUERY, Dialect.JSON)


def _code_of(service: str, refusal: Refusal, dialect: Dialect) -> tuple[str, int, str]:
    """Code, status and message of a refusal."""
    if isinstance(refusal, EmbeddedRefusal):
        return refusal.code, refusal.status, refusal.message
    message = getattr(refusal, "message", refusal.why)
    # SQS has kept its former codes in JSON.
    place = 1 if service == "sqs" else _PLACES.index(dialect)
    if isinstance(refusal, AccessDenied):
        code, status = ("AuthorizationError", 403) if service == "sns" else _DENIED[place]
    elif isinstance(refusal, StoreUnavailable):
        code, status = _UNAVAILABLE[place]
    else:
        code, status = _CODES.get(refusal.rule, _ANY_OTHER_SIGNATURE)[place]
        if message == "Request has expired":
            code = "AccessDenied"
    return code, status, message


def refused(service: str, request: Request, refusal: Refusal, request_id: str) -> tuple[Reply, str]:
    """The reply to a request that is refused, and the code that it holds."""
    dialect = dialect_of(service, request)
    code, status, message = _code_of(service, refusal, dialect)
    return error_reply(service, request, (code, status, message), request_id), code


def error_reply(
    service: str, request: Request, said: tuple[str, int, str], request_id: str
) -> Reply:
    """An error in a service's own protocol.

    Args:
        service: its signing name.
        request: what is answered.
        said: code, status and message.
        request_id: as in a reply that succeeds.
    """
    code, status, message = said
    dialect = dialect_of(service, request)
    if dialect is Dialect.REST_XML:
        error: Content = [
            ("Code", code),
            ("Message", message),
            ("Resource", request.path),
            ("RequestId", request_id),
        ]
        return xml_reply(status, document("Error", error), request_id)
    fault = "Receiver" if status >= _SERVER_ERROR else "Sender"
    if dialect is Dialect.QUERY:
        error = [
            ("Error", [("Type", fault), ("Code", code), ("Message", message)]),
            ("RequestId", request_id),
        ]
        body = document("ErrorResponse", error, NAMESPACES[service])
        return Reply(status, _headers("text/xml", request_id), body)
    version = "1.0" if service == "sqs" else "1.1"
    headers = _headers(f"application/x-amz-json-{version}", request_id)
    if service == "sqs":
        headers += (("x-amzn-query-error", f"{code};{fault}"),)
    return Reply(status, headers, json.dumps({"__type": code, "message": message}).encode())


def query_reply(service: str, action: str, result: Content | None, request_id: str) -> Reply:
    """What an operation of the query protocol answers; None for one without a result."""
    parts: list[tuple[str, Content]] = [] if result is None else [(f"{action}Result", result)]
    parts.append(("ResponseMetadata", [("RequestId", request_id)]))
    body = document(f"{action}Response", parts, NAMESPACES[service])
    return Reply(200, _headers("text/xml", request_id), body)


def xml_reply(status: int, body: bytes, request_id: str) -> Reply:
    """A reply of S3 with a document."""
    headers = (("content-type", "application/xml"), ("x-amz-request-id", request_id))
    return Reply(status, headers, body)


def _headers(content_type: str, request_id: str) -> tuple[tuple[str, str], ...]:
    return (("content-type", content_type), ("x-amzn-requestid", request_id))


def read_form(request: Request, body: bytes) -> dict[str, str]:
    """The parameters of the query protocol.

    Raises:
        InputInvalid: the body is no form in UTF-8.
    """
    text = body.decode("latin-1") if body else request.query
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=10_000)
    except (UnicodeDecodeError, ValueError) as error:
        raise InputInvalid("MalformedInput", f"The request is no form: {error}.") from error
    return dict(pairs)

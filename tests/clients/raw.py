"""Requests that no SDK would send, signed as one would sign them."""

import json
from typing import Any, NamedTuple

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from server import POLDER, LiveServer

JSON_1_1 = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSMPMeteringService.BatchMeterUsage",
}


class RawReply(NamedTuple):
    """A reply as it came over the socket."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The error code in the body; it must stand in the header too."""
        code = self.json["__type"]
        assert self.headers["x-amzn-errortype"] == code
        return code


def send_signed(
    server: LiveServer,
    body: bytes,
    *,
    headers: dict[str, str] | None = None,
    path: str = "/",
    method: str = "POST",
    service: str = "aws-marketplace",
    region: str = "us-east-1",
    credentials: tuple[str, ...] = POLDER,
) -> RawReply:
    """Sign exactly these bytes and send them."""
    request = AWSRequest(
        method, server.endpoint + path, dict(JSON_1_1 if headers is None else headers), body
    )
    SigV4Auth(Credentials(*credentials), service, region).add_auth(request)
    return send(server, body, headers=dict(request.headers), path=path, method=method)


def send(
    server: LiveServer,
    body: bytes,
    *,
    headers: dict[str, str],
    path: str = "/",
    method: str = "POST",
) -> RawReply:
    """Send bytes as they are."""
    answer = urllib3.request(
        method, server.endpoint + path, body=body, headers=headers, retries=False, timeout=20
    )
    return RawReply(answer.status, answer.headers, answer.data)

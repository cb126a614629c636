"""An endpoint that speaks as much of SNS, EventBridge and STS as events need.

Every request has to be signed with SECRET; botocore calculates the signature anew, over what came.
"""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Any
from urllib.parse import parse_qs

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCOUNT = "120000000001"
KEY, SECRET = "AKIAEVENTS0000000001", "secret-of-whoever-sends-events"
DEADLINE = 30


class AwsServices:
    """What was asked of it, in order: an operation with its parameters each.

    Args:
        denied: operations that are answered with a refusal.
        failing: how many of the first PutEvents are answered with a failed entry.
    """

    def __init__(self, denied: tuple[str, ...], failing: int) -> None:
        self.url = ""
        self.failing = failing
        self.denied = denied
        self._asked: SimpleQueue[tuple[str, Any]] = SimpleQueue()

    def asked(self) -> list[tuple[str, Any]]:
        """All there is."""
        return [self._asked.get_nowait() for _ in range(self._asked.qsize())]

    def next(self) -> tuple[str, Any]:
        """The next one, once it is there."""
        return self._asked.get(timeout=DEADLINE)

    def take(self, count: int) -> list[tuple[str, Any]]:
        """So many, once they are there."""
        return [self.next() for _ in range(count)]

    def answer(self, operation: str, asked: Any) -> tuple[int, str]:
        """The status and body of an answer."""
        self._asked.put((operation, asked))
        if operation in self.denied:
            return 403, _xml("Error", "<Code>AuthorizationError</Code><Message>No.</Message>")
        if operation == "PutEvents":
            self.failing -= 1
            failed = {"ErrorCode": "InternalFailure", "ErrorMessage": "Try again."}
            ok = self.failing < 0
            entries = [{"EventId": "id"}] if ok else [failed]
            return 200, json.dumps({"FailedEntryCount": 0 if ok else 1, "Entries": entries})
        results = {
            "CreateTopic": f"<TopicArn>arn:aws:sns:us-east-1:{ACCOUNT}:made</TopicArn>",
            "Publish": "<MessageId>id</MessageId>",
            "GetCallerIdentity": f"<Account>{ACCOUNT}</Account>",
        }
        return 200, _xml(f"{operation}Result", results[operation])


def _xml(name: str, inner: str) -> str:
    return f"<Response><{name}>{inner}</{name}></Response>"


def _is_signed(method: str, url: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether the signature is the one that SECRET gives."""
    _, _, fields = headers["Authorization"].partition(" ")
    given = dict(field.strip().split("=", 1) for field in fields.split(","))
    _, _, region, service, _ = given["Credential"].split("/")
    signed = {name: headers[name] for name in given["SignedHeaders"].split(";")}
    request = AWSRequest(method, url, signed, body)
    request.context["timestamp"] = headers["X-Amz-Date"]
    auth = SigV4Auth(Credentials(KEY, SECRET), service, region)
    to_sign = auth.string_to_sign(request, auth.canonical_request(request))
    return auth.signature(to_sign, request) == given["Signature"]


@contextmanager
def aws_services(*denied: str, failing: int = 0) -> Generator[AwsServices]:
    """The services on a free port until the block ends."""
    services = AwsServices(denied, failing)

    class Handler(BaseHTTPRequestHandler):
        """Verifies, takes apart, and answers."""

        def do_POST(self) -> None:
            """Answer one operation."""
            body = self.rfile.read(int(self.headers["content-length"]))
            status, text = 403, _xml("Error", "<Code>SignatureDoesNotMatch</Code>")
            if _is_signed("POST", services.url + self.path, self.headers, body):
                target = self.headers.get("X-Amz-Target")
                if target is None:
                    asked = {name: value for name, (value,) in parse_qs(body.decode()).items()}
                    del asked["Version"]
                    status, text = services.answer(asked.pop("Action"), asked)
                else:
                    status, text = services.answer(target.rpartition(".")[2], json.loads(body))
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        services.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield services
        finally:
            server.shutdown()
            thread.join(DEADLINE)

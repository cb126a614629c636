"""An AWS that data sets are delivered to: moto's server, which enforces the policies of roles.

In front of it a gate that counts requests, and can be shut for a service as in an outage.
"""

import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import boto3
import botocore.config
import urllib3

SELLER = "120000000001"
MARKETPLACE = "452565589796"
DEADLINE = 30
FIVE_ACTIONS = (
    "s3:GetBucketLocation",
    "s3:PutObject",
    "sns:GetTopicAttributes",
    "sns:Publish",
    "iam:GetRolePolicy",
)
POLICY = "oneClick_MarketplaceCommerceAnalyticsRole"
_SERVICE = re.compile(r"Credential=[^/]+/[0-9]+/[^/]+/(\w+)/")


class Enrolled(NamedTuple):
    """What a seller has enrolled with, and a queue that its topic is subscribed to."""

    role: str
    bucket: str
    topic: str
    queue: str

    def request(self, **more: Any) -> dict[str, Any]:
        """The members of a request that say where to."""
        return {
            "roleNameArn": self.role,
            "destinationS3BucketName": self.bucket,
            "snsTopicArn": self.topic,
        } | more

    def market(self, **more: Any) -> bytes:
        """A market file with nothing but the enrollment."""
        enrollment = {
            "seller": SELLER,
            "role": self.role,
            "bucket": self.bucket,
            "topic": self.topic,
            "joined": "2020-03-01",
        }
        return json.dumps({"enrollments": [enrollment | more]}).encode()


class SellersAws:
    """The services at one address.

    Attributes:
        own: the credentials of AWS Marketplace's own account; they may assume roles.
    """

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._count = 0
        self._marketplace = self._administrator(MARKETPLACE)
        self._seller = self._administrator(SELLER)
        iam = self._client("iam", self._marketplace)
        iam.create_user(UserName="delivery")
        self.let_assume_roles(allowed=True)
        key = iam.create_access_key(UserName="delivery")["AccessKey"]
        self.own = (key["AccessKeyId"], key["SecretAccessKey"])
        # From here on requests need signatures and policies.
        urllib3.request("POST", f"{endpoint}/moto-api/reset-auth", body=b"0", headers=_TEXT)

    def let_assume_roles(self, *, allowed: bool) -> None:
        """Whether AWS Marketplace's own account may assume any role."""
        document = _policy(("sts:AssumeRole",), effect="Allow" if allowed else "Deny")
        self._client("iam", self._marketplace).put_user_policy(
            UserName="delivery", PolicyName="roles", PolicyDocument=document
        )

    def enrolled(self, region: str = "us-east-1", seller: str = SELLER) -> Enrolled:
        """A role, a bucket in a Region, and a topic of their own."""
        self._count += 1
        number = self._count
        role = f"Analytics{number}"
        iam = self._client("iam", self._seller)
        arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=_policy(("sts:AssumeRole",)))
        bucket = f"reports-{number}-{seller}"
        elsewhere = {} if region == "us-east-1" else {"LocationConstraint": region}
        self.s3(region).create_bucket(
            Bucket=bucket,
            **({"CreateBucketConfiguration": elsewhere} if elsewhere else {}),
        )
        sns, sqs = self._client("sns", self._seller), self._client("sqs", self._seller)
        topic = sns.create_topic(Name=f"ready-{number}")["TopicArn"]
        queue = sqs.create_queue(QueueName=f"ready-{number}")["QueueUrl"]
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=topic.replace(":sns:", ":sqs:"),
            Attributes={"RawMessageDelivery": "true"},
        )
        where = Enrolled(arn["Role"]["Arn"], bucket, topic, queue)
        self.allow(where, *FIVE_ACTIONS)
        return where

    def allow(self, where: Enrolled, *actions: str, name: str = "reports") -> None:
        """Have the role's one policy allow exactly these."""
        self._client("iam", self._seller).put_role_policy(
            RoleName=where.role.rpartition("/")[2],
            PolicyName=name,
            PolicyDocument=_policy(actions),
        )

    def s3(self, region: str = "us-east-1") -> Any:
        """The seller's own client."""
        return self._client("s3", self._seller, region)

    def sns(self) -> Any:
        """The seller's own client."""
        return self._client("sns", self._seller)

    def content(self, where: Enrolled, key: str) -> bytes:
        """What an object holds."""
        return self.s3().get_object(Bucket=where.bucket, Key=key)["Body"].read()

    def keys(self, where: Enrolled) -> list[str]:
        """All objects there are."""
        listed = self.s3().list_objects_v2(Bucket=where.bucket)
        return [each["Key"] for each in listed.get("Contents", ())]

    def notice(self, where: Enrolled) -> dict[str, Any]:
        """The next message of the topic, once it is there."""
        sqs = self._client("sqs", self._seller)
        messages: list[Any] = []
        for _ in range(DEADLINE):
            messages = sqs.receive_message(QueueUrl=where.queue, WaitTimeSeconds=1).get(
                "Messages", []
            )
            if messages:
                break
        [message] = messages
        sqs.delete_message(QueueUrl=where.queue, ReceiptHandle=message["ReceiptHandle"])
        return json.loads(message["Body"])

    def notices_left(self, where: Enrolled) -> int:
        """How many messages of the topic nobody has taken."""
        attributes = self._client("sqs", self._seller).get_queue_attributes(
            QueueUrl=where.queue, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(attributes["Attributes"]["ApproximateNumberOfMessages"])

    def _administrator(self, account: str) -> tuple[str, str]:
        """A user who may do everything; made while nobody looks at signatures."""
        answer = self._client("sts", ("anybody", "anything")).assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/first", RoleSessionName="first"
        )
        given = answer["Credentials"]
        iam = self._client("iam", (given["AccessKeyId"], given["SecretAccessKey"]))
        iam.create_user(UserName="administrator")
        iam.put_user_policy(
            UserName="administrator", PolicyName="all", PolicyDocument=_policy(("*",))
        )
        key = iam.create_access_key(UserName="administrator")["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def _client(self, service: str, credentials: tuple[str, str], region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=credentials[0],
            aws_secret_access_key=credentials[1],
            config=botocore.config.Config(s3={"addressing_style": "path"}),
        )


_TEXT = {"content-type": "text/plain"}


def _policy(actions: tuple[str, ...], effect: str = "Allow") -> str:
    # Moto matches actions of other services than S3 with this resource alone.
    statement = {"Effect": effect, "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@contextmanager
def sellers_aws() -> Generator[SellersAws]:
    """Moto's server in a process of its own until the block ends."""
    program = os.environ.get("WAAG_MOTO", "")
    assert Path(program).is_file(), "WAAG_MOTO must name moto's server: use `make test`"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [program, "-H", "127.0.0.1", "-p", str(port)],
        stdout=quiet,
        stderr=quiet,
        env=os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": "1000000"},
    )
    try:
        # It says nothing on being ready: connect until it answers.
        patience = urllib3.Retry(total=300, connect=300, backoff_factor=0.02, backoff_max=0.2)
        urllib3.request("GET", f"http://127.0.0.1:{port}/moto-api/", retries=patience)
        yield SellersAws(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(DEADLINE)


class Asked(NamedTuple):
    """A request at the gate."""

    service: str
    method: str
    path: str
    body: bytes


class Gate:
    """Passes requests on, unless `shut` says otherwise.

    Attributes:
        url: where it listens.
        shut: whether a request is left without an answer, its connection closed.
        turned_away: every such request, in order.
        answers: what is answered here, by service, and not passed on.
        answered: every request that was.
    """

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.url = ""
        self.answers = answers
        self.answered: SimpleQueue[Asked] = SimpleQueue()
        self.shut: Callable[[Asked], bool] = lambda _: False
        self.turned_away: SimpleQueue[Asked] = SimpleQueue()

    def shut_for(self, service: str) -> None:
        """An outage of one service."""
        self.shut = lambda asked: asked.service == service

    def open(self) -> None:
        """The end of it."""
        self.shut = lambda _: False

    def next_turned_away(self) -> Asked:
        """The next one, once it has come."""
        return self.turned_away.get(timeout=DEADLINE)


@contextmanager
def gate(behind: str, **answers: str) -> Generator[Gate]:
    """A gate on a free port until the block ends.

    Args:
        behind: the address that requests are passed on to.
        answers: what some services are answered instead.
    """
    opened = Gate(answers)
    pool = urllib3.PoolManager(retries=False)

    class Handler(BaseHTTPRequestHandler):
        """Passes one request on."""

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            service = _SERVICE.search(self.headers.get("authorization", ""))
            asked = Asked(service[1] if service else "", self.command, self.path, body)
            if opened.shut(asked):
                opened.turned_away.put(asked)
                self.close_connection = True
                return
            if asked.service in opened.answers:
                opened.answered.put(asked)
                self._send(200, {}, opened.answers[asked.service].encode())
                return
            answer = pool.request(
                self.command, behind + self.path, body=body, headers=dict(self.headers)
            )
            self._send(answer.status, answer.headers, answer.data)

        def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on  # noqa: N815 - named by HTTP

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        opened.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield opened
        finally:
            server.shutdown()
            thread.join(DEADLINE)
            pool.clear()

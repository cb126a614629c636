"""Delivery over AWS's own protocols: STS, S3, SNS and IAM, at AWS or at whatever speaks like it.

As AWS Marketplace does it: the seller's role is assumed with the seller's external id, and all else
is done as that role. botocore is loaded with the first delivery.
"""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import chain
from typing import Any
from xml.etree.ElementTree import ParseError

from waag.delivery.aws_errors import DENIED_CODES, code_of, refused
from waag.delivery.in_process import answered_by
from waag.delivery.permissions import Looked, asked, findings, read_in_policy
from waag.delivery.uploads import in_parts, put_object
from waag.domain.analytics.destinations import Destination
from waag.domain.analytics.enrollments import ANALYTICS_ACCOUNT
from waag.domain.analytics.findings import Finding
from waag.domain.analytics.refusals import DestinationRefused, DestinationUnreachable
from waag.exchange import Reply, Request
from waag.ports.analytics import AwsCredentials

REGION = "us-east-1"
"""Of the service, and so of STS and IAM as it asks them."""

SESSION_NAME = "AWSMarketplaceCommerceAnalytics"

CONNECT_SECONDS = 5
READ_SECONDS = 20
"""For each part of an answer: a server that stops waits for it."""

_LOCATIONS = {"EU": "eu-west-1"}
"""Regions that GetBucketLocation has another name for. Source: S3, GetBucketLocation."""


class AwsCourier:
    """Implements the port `Courier`; for any thread.

    Args:
        endpoint: the address of all services; None for AWS's own, or what botocore's environment
            variables say.
        own: the credentials of AWS Marketplace's own account, asked for anew each time; None for
            those of botocore's usual chain.
        answer: answers what would be sent to the endpoint, in this process; None to send it.
    """

    def __init__(
        self,
        endpoint: str | None,
        own: Callable[[], AwsCredentials | None],
        answer: Callable[[Request], Reply] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._own = own
        self._answer = answer
        self._making = threading.Lock()
        self._session: Any = None

    def check(self, destination: Destination, key: str) -> None:
        """Ask whatever can be asked; see `waag.ports.analytics.Courier.check`.

        The role's inline policy is read, as AWS demands that it may be: the role has to have all
        five actions. What a policy of another name, or a managed one, allows cannot be read.
        """
        for looked in self._look(destination, key):
            if looked.refusal is not None:
                raise looked.refusal

    def examine(self, destination: Destination, key: str) -> Sequence[Finding]:
        """Ask the same, and whether the role is closed to others.

        See `waag.ports.analytics.Courier.examine`.
        """
        looks = chain(self._look(destination, key), self._look_at_trust(destination))
        return findings(looks, destination)

    def account(self) -> str:
        """Ask STS; the account of AWS Marketplace where nobody answers."""
        try:
            with self._client("sts", REGION, self._own()) as sts, _as_refusals(""):
                return sts.get_caller_identity()["Account"]
        except (DestinationRefused, DestinationUnreachable):
            return ANALYTICS_ACCOUNT

    def reach(self, destination: Destination) -> "ReachedBucket":
        """Assume the role and find the bucket; see `waag.ports.analytics.Courier.reach`."""
        role = self._assume(destination)
        region = self._bucket_region(role, destination)
        return ReachedBucket(destination, lambda: self._client("s3", region, role))

    def tell(self, destination: Destination, message: str) -> None:
        """Publish; as AWS Marketplace itself, where the role does not serve.

        See `waag.ports.analytics.Courier.tell`.
        """
        try:
            self._publish(destination, message, self._assume(destination))
        except DestinationRefused as refusal:
            # A seller who has lost the role can still be told, if the topic's policy allows it.
            try:
                self._publish(destination, message, self._own())
            except DestinationRefused:
                raise refusal from None

    def _look(self, destination: Destination, key: str) -> Iterator[Looked]:
        """One permission after another, as far as whoever reads this goes on."""
        role = yield from asked("sts:AssumeRole", lambda: self._assume(destination))
        if role is None:
            return
        bucket, topic = self._bucket_region, self._find_topic
        yield from asked("s3:GetBucketLocation", lambda: bucket(role, destination))
        yield from asked("sns:GetTopicAttributes", lambda: topic(role, destination))
        read = self._role_policy
        document = yield from asked("iam:GetRolePolicy", lambda: read(role, destination))
        if document is not None:
            yield from read_in_policy(document, destination, key)

    def _look_at_trust(self, destination: Destination) -> Iterator[Looked]:
        """Whether the role is closed to whoever does not know the external id."""
        (with_it,) = asked("sts:ExternalId", lambda: self._assume(destination))
        if with_it.refusal is not None:
            return
        open_to_all = DestinationRefused(
            f"Let the trust policy of role {destination.role} ask for sts:ExternalId "
            f"{destination.external_id}: it can be assumed without."
        )
        (without,) = asked("sts:ExternalId", lambda: self._assume(destination, knowing=False))
        if isinstance(without.refusal, DestinationUnreachable):
            yield without
        else:
            yield Looked("sts:ExternalId", None if without.refusal else open_to_all)

    def _publish(
        self, destination: Destination, message: str, credentials: AwsCredentials | None
    ) -> None:
        fix = (
            f"See that topic {destination.topic} exists, and give role {destination.role} "
            "sns:Publish on it"
        )
        with self._client("sns", destination.topic_region, credentials) as sns, _as_refusals(fix):
            sns.publish(TopicArn=destination.topic, Message=message)

    def _assume(self, destination: Destination, *, knowing: bool = True) -> AwsCredentials:
        """Assume the role, knowing its external id or not."""
        fix = (
            f"Let the trust policy of role {destination.role} allow sts:AssumeRole to "
            f"arn:aws:iam::{ANALYTICS_ACCOUNT}:root where sts:ExternalId is "
            f"{destination.external_id}"
        )
        with self._client("sts", REGION, self._own()) as sts, _as_refusals(fix):
            answer = sts.assume_role(
                RoleArn=destination.role,
                RoleSessionName=SESSION_NAME,
                **({"ExternalId": destination.external_id} if knowing else {}),
            )
        given = answer["Credentials"]
        return AwsCredentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def _bucket_region(self, role: AwsCredentials, destination: Destination) -> str:
        fix = (
            f"See that bucket {destination.bucket} exists, and give role {destination.role} "
            "s3:GetBucketLocation on it"
        )
        with self._client("s3", REGION, role) as s3, _as_refusals(fix):
            answer = s3.get_bucket_location(Bucket=destination.bucket)
        location: str = answer.get("LocationConstraint") or REGION
        return _LOCATIONS.get(location, location)

    def _find_topic(self, role: AwsCredentials, destination: Destination) -> None:
        fix = (
            f"See that topic {destination.topic} exists, give role {destination.role} "
            "sns:GetTopicAttributes on it, and let the policy of another account's topic allow that"
        )
        with self._client("sns", destination.topic_region, role) as sns, _as_refusals(fix):
            sns.get_topic_attributes(TopicArn=destination.topic)

    def _role_policy(self, role: AwsCredentials, destination: Destination) -> Any:
        """The inline policy; None if there is none of this name, or nobody who would know."""
        exceptions = import_module("botocore.exceptions")
        fix = f"Give role {destination.role} iam:GetRolePolicy on itself"
        with self._client("iam", REGION, role) as iam, _as_refusals(fix):
            try:
                return iam.get_role_policy(
                    RoleName=destination.role_name, PolicyName=destination.policy
                )["PolicyDocument"]
            except exceptions.ClientError as error:
                if code_of(error) in DENIED_CODES:
                    raise
                return None

    @contextmanager
    def _client(
        self, service: str, region: str, credentials: AwsCredentials | None
    ) -> Generator[Any]:
        config = import_module("botocore.config").Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            # A worker tries again, and a caller must not be kept waiting.
            retries={"total_max_attempts": 1},
            # The signature covers what is sent, which every S3 verifies; not all know checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={
                "payload_signing_enabled": True,
                "addressing_style": "auto" if self._endpoint is None else "path",
            },
        )
        keys: dict[str, str | None] = {}
        if credentials is not None:
            keys = {
                "aws_access_key_id": credentials.access_key_id,
                "aws_secret_access_key": credentials.secret_access_key,
                "aws_session_token": credentials.session_token,
            }
        with self._making, _as_refusals(""):
            if self._session is None:
                self._session = import_module("botocore.session").get_session()
            client = self._session.create_client(
                service, region_name=region, endpoint_url=self._endpoint, config=config, **keys
            )
        if self._answer is not None:
            answered_by(self._answer, client)
        try:
            yield client
        except DestinationUnreachable:
            self._session = None  # the credentials of the usual chain are looked for anew
            raise
        finally:
            client.close()


class ReachedBucket:
    """Implements the port `ReachedDestination`.

    Args:
        destination: the bucket's.
        client: makes one of S3, where the bucket is.
    """

    def __init__(self, destination: Destination, client: Callable[[], Any]) -> None:
        self._destination = destination
        self._client = client

    def put(self, key: str, content_type: str, content: Iterator[bytes]) -> None:
        """Put an object; see `waag.ports.analytics.ReachedDestination.put`."""
        destination = self._destination
        fix = (
            f"See that bucket {destination.bucket} exists, give role {destination.role} "
            f"s3:PutObject on arn:aws:s3:::{destination.bucket}/{key}, and see that the bucket's "
            "policy and encryption key allow it"
        )
        with self._client() as s3, _as_refusals(fix):
            put_object(s3, destination.bucket, key, content_type, in_parts(content))


@contextmanager
def _as_refusals(fix: str) -> Generator[None]:
    """Turn what botocore raises into what the port does; `fix` is what may have to be changed."""
    exceptions = import_module("botocore.exceptions")
    unreadable = import_module("botocore.parsers").ResponseParserError
    try:
        yield
    except exceptions.ClientError as error:
        raise refused(error, fix) from error
    except (exceptions.BotoCoreError, unreadable, ParseError) as error:
        # The last two are answers that are no service's, such as a proxy's.
        raise DestinationUnreachable(f"{type(error).__name__}: {error}") from error

"""What the enrolment wizard of Commerce Analytics would have made: a role, a bucket, a topic.

Made once for each enrollment of the market, in the accounts that its ARNs name; what is there
already is left as it is, and what its owner removes later is made again only where that is asked.
"""

import json
import logging
import threading
from collections.abc import Mapping, Sequence

from waag.domain.analytics.enrollment_documents import permission_policy, trust_policy
from waag.domain.analytics.enrollments import ANALYTICS_ACCOUNT
from waag.domain.identities import (
    AccessKey,
    Identity,
    IdentityKind,
    IdentityName,
    external_id,
    name_of_arn,
)
from waag.domain.market import Enrollment
from waag.domain.objects import Bucket
from waag.ports import Clock
from waag.sandbox.keys import KeyMaker
from waag.sandbox.messaging import Messaging
from waag.sandbox.stores import Enrolled, Identities, Objects

_log = logging.getLogger(__name__)


class EnrolmentWizard:
    """Makes what enrollments name; implements the port `Enroller`.

    Args:
        identities: where roles are kept.
        objects: where buckets are kept.
        messaging: where topics are.
        enrolled: remembers for whom it was done.
        clock: when it is made.
        keys: makes ids.
        changing: held while anything is changed.
        secret_key: what external ids are derived from.
    """

    def __init__(
        self,
        identities: Identities,
        objects: Objects,
        messaging: Messaging,
        enrolled: Enrolled,
        *,
        clock: Clock,
        keys: KeyMaker,
        changing: threading.RLock,
        secret_key: bytes,
    ) -> None:
        self._identities = identities
        self._objects = objects
        self._messaging = messaging
        self._enrolled = enrolled
        self._clock = clock
        self._keys = keys
        self._changing = changing
        self._secret_key = secret_key

    def run(self) -> None:
        """See to every enrollment of the market that is new, or other than it was.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        with self._changing:
            for enrollment in self._enrolled.not_enrolled():
                self.make(enrollment)
                self._enrolled.enrolled(enrollment)

    def make(self, enrollment: Enrollment) -> Sequence[str]:
        """Make what is not there; see `waag.ports.analytics.Enroller.make`."""
        with self._changing:
            made = {
                **self._make_role(enrollment),
                "bucket": self.claim_bucket(enrollment),
                "topic": self._messaging.create_topic(enrollment.topic),
            }
        if made["bucket"] is None:
            _log.warning(
                "the bucket %s is another account's than that of %s",
                enrollment.bucket,
                enrollment.role,
            )
        return tuple(what for what, is_new in made.items() if is_new)

    def claim_bucket(self, enrollment: Enrollment) -> bool | None:
        """Make the bucket; see `waag.ports.analytics.Enroller.claim_bucket`."""
        account_id = _account_of(enrollment.role)
        present = self._objects.bucket(enrollment.bucket)
        if present is None:
            draft = Bucket(enrollment.bucket, account_id, "us-east-1", self._clock.now())
            present = self._objects.put_bucket(draft)
            return True if present.account_id == account_id else None
        return False if present.account_id == account_id else None

    def _make_role(self, enrollment: Enrollment) -> Mapping[str, bool]:
        key = name_of_arn(enrollment.role)
        if key is None or key.kind is not IdentityKind.ROLE:
            _log.warning("%s is no role that could be made", enrollment.role)
            return {}
        is_new = self._identities.identity(key) is None
        if is_new:
            path = enrollment.role.split(":role", 1)[1].removesuffix(key.name)
            trust = trust_policy(ANALYTICS_ACCOUNT, external_id(self._secret_key, enrollment))
            role = Identity(key, path, self._keys.unique_id("AROA"), self._clock.now(), trust)
            self._identities.put(role)
        allows = enrollment.policy_name in self._identities.inline_policies(key)
        if not allows:
            self._identities.put_inline_policy(
                key, enrollment.policy_name, permission_policy(enrollment)
            )
        return {"role": is_new, "policy": not allows}


def _account_of(arn: str) -> str:
    return arn.split(":")[4]


class ServiceAccount:
    """The account by which AWS delivers data sets, as far as it is here.

    Args:
        identities: where its user is kept.
        clock: when that is made.
        keys: makes its keys.
    """

    def __init__(self, identities: Identities, clock: Clock, keys: KeyMaker) -> None:
        self._identities = identities
        self._clock = clock
        self._keys = keys
        self._making = threading.Lock()
        self._made: tuple[str, str] | None = None

    def credentials(self) -> tuple[str, str]:
        """An access key that may assume roles, and nothing else.

        The same at every call; those that were made before are withdrawn at the first.

        Raises:
            StoreUnavailable: the store could not read or write.
        """
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    def _make(self) -> tuple[str, str]:
        name = IdentityName(ANALYTICS_ACCOUNT, IdentityKind.USER, "data-set-delivery")
        now = self._clock.now()
        if self._identities.identity(name) is None:
            self._identities.put(Identity(name, "/", self._keys.unique_id("AIDA"), now))
            self._identities.put_inline_policy(name, "assume", _ASSUMES)
        for key in self._identities.long_term_keys(name):
            self._identities.remove_key(key.access_key_id)
        key = AccessKey(self._keys.access_key_id("AKIA"), name, now)
        secret = self._keys.secret_access_key()
        self._identities.put_key(key, secret, None)
        return key.access_key_id, secret


_ASSUMES = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"},
    }
)

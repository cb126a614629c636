"""Who has enrolled in the delivery of data sets, and where to; what is asked for to enrol."""

from datetime import date

import msgspec

from waag.domain.analytics.destinations import Destination, check_destination
from waag.domain.analytics.refusals import DestinationInvalid, EnrolledElsewhere

ANALYTICS_ACCOUNT = "452565589796"
"""The account by which AWS delivers data sets. Source: Commerce Analytics, trust policy."""

USUAL_POLICY = "oneClick_MarketplaceCommerceAnalyticsRole"
"""Of the role's inline policy, as the enrolment wizard names it, but for what follows the name.

Source: Commerce Analytics Service guide.
"""

USUAL_ROLE = "MarketplaceCommerceAnalyticsRole"
"""As the enrolment wizard names it. Source: Commerce Analytics Service guide."""

USUAL_TOPIC = "marketplace-reports-ready"

_OF_PATTERNS = frozenset("*?$")
_ANY_FILE = "data_set"


class Enrollment(msgspec.Struct, frozen=True):
    """Where a seller's data sets may be delivered.

    Attributes:
        seller: the account.
        role: the ARN of the role that is assumed.
        topic: the ARN of the topic that is told.
        external_id: what the role's trust policy asks for; None for the one that Waag makes.
        policy: the name of the role's inline policy; None for the usual one.
        joined: since when the seller sells; None for the day of the first agreement.
        prefix: under which the role may put objects, and does unless a request names another.
    """

    seller: str
    role: str
    bucket: str
    topic: str
    external_id: str | None = None
    policy: str | None = None
    joined: date | None = None
    prefix: str | None = None

    @property
    def policy_name(self) -> str:
        """The name of the role's inline policy."""
        return self.policy or USUAL_POLICY

    @property
    def role_name(self) -> str:
        """Without the path."""
        return self.role.rsplit("/", 1)[1]

    @property
    def topic_name(self) -> str:
        """Without the place."""
        return self.topic.rsplit(":", 1)[1]

    def destination(self, external_id: str) -> Destination:
        """Where its data sets go unless a request says otherwise."""
        return Destination(
            self.role, external_id, self.policy_name, self.bucket, self.prefix, self.topic
        )


class WantedEnrollment(msgspec.Struct, frozen=True):
    """What a seller asks for who enrols; by names, None for the usual one."""

    seller: str
    bucket: str | None = None
    topic: str | None = None
    role: str | None = None
    prefix: str | None = None


def usual_bucket(seller_id: str) -> str:
    """The bucket of a seller who names none; names of buckets are everybody's."""
    return f"marketplace-reports-{seller_id}"


def enrollment_for(wanted: WantedEnrollment, present: Enrollment | None) -> Enrollment:
    """What there is to be, given what there is: the same, unless there is nothing yet.

    Raises:
        DestinationInvalid: a name that cannot be one.
        EnrolledElsewhere: the seller has enrolled with something else.
    """
    if present is not None:
        _check_same(wanted, present)
        return present
    seller = wanted.seller
    made = Enrollment(
        seller,
        f"arn:aws:iam::{seller}:role/{wanted.role or USUAL_ROLE}",
        wanted.bucket or usual_bucket(seller),
        f"arn:aws:sns:us-east-1:{seller}:{wanted.topic or USUAL_TOPIC}",
        prefix=wanted.prefix,
    )
    if not _OF_PATTERNS.isdisjoint(made.prefix or ""):
        raise DestinationInvalid(
            f"The prefix {made.prefix!r} has one of * ? $, which mean something in the role's "
            "policy; give one without."
        )
    check_destination(made.destination(""), seller, _ANY_FILE)
    return made


def _check_same(wanted: WantedEnrollment, present: Enrollment) -> None:
    for what, asked, stands in (
        ("bucket", wanted.bucket, present.bucket),
        ("topic", wanted.topic, present.topic_name),
        ("role", wanted.role, present.role_name),
        ("prefix", wanted.prefix, present.prefix or ""),
    ):
        if asked is not None and asked != stands:
            raise EnrolledElsewhere(
                f"Account {present.seller} has enrolled with the {what} {stands!r}, not {asked!r}. "
                "An enrollment is changed by its entry in the market file."
            )

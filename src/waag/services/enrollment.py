"""Sellers enrolled in the delivery of data sets, and their enrollments checked."""

from collections.abc import Callable, Sequence

import msgspec

from waag.domain.analytics.enrollment_documents import aws_commands
from waag.domain.analytics.enrollments import Enrollment, WantedEnrollment, enrollment_for
from waag.domain.analytics.findings import Finding
from waag.domain.analytics.refusals import DestinationInvalid, NoSeller, NotEnrolled
from waag.domain.market import Account, AccountKind, Market
from waag.domain.market_changes import MarketChange
from waag.ports import Markets
from waag.ports.analytics import Courier, Enroller

TRIED_FILE = "data_set_2026-01-01.csv"
"""A file's name as a delivery has it: whether such a one could be put is what a check finds out."""


class Enrolled(msgspec.Struct, frozen=True):
    """What an enrolment came to.

    Attributes:
        made: what was not there before: of `bucket`, `topic`, `role` and `policy`.
        commands: what the seller has to run, since Waag cannot; empty where it can.
    """

    enrollment: Enrollment
    external_id: str
    made: Sequence[str] = ()
    commands: Sequence[str] = ()


class EnrollmentCommands:
    """What is done about enrollments.

    Args:
        market: who has enrolled.
        markets: changes that.
        external_id: what the trust policy of the role of an enrollment has to ask for.
        courier: knows what may be done at the destination.
        enroller: makes what an enrollment names; None where that is the seller's to do.
        endpoint: of the AWS that sellers have; None for AWS's own.
    """

    def __init__(
        self,
        *,
        market: Market,
        markets: Markets,
        external_id: Callable[[Enrollment], str],
        courier: Courier,
        enroller: Enroller | None,
        endpoint: str | None,
    ) -> None:
        self._market = market
        self._markets = markets
        self._courier = courier
        self._enroller = enroller
        self._endpoint = endpoint
        self.external_id = external_id

    def seller(self, account_id: str) -> Account:
        """Who may enrol.

        Raises:
            NoSeller: no account of the market, or no seller's.
            StoreUnavailable: the store could not be read.
        """
        account = self._market.account(account_id)
        if account is None or account.kind is not AccountKind.SELLER:
            raise NoSeller(f"{account_id!r} is no seller's account in this market.")
        return account

    def find(self, seller_id: str) -> Enrollment | None:
        """Where a seller has enrolled; None for nowhere."""
        return self._market.enrollment(seller_id)

    def enrollment(self, seller_id: str) -> Enrollment:
        """Where a seller has enrolled.

        Raises:
            NotEnrolled: nowhere.
            StoreUnavailable: the store could not be read.
        """
        return find_enrollment(self._market, seller_id)

    def enroll(self, wanted: WantedEnrollment) -> Enrolled:
        """Enrol a seller as AWS's wizard does; again, what is missing is made.

        Raises:
            NoSeller: nobody who could enrol.
            DestinationInvalid: a name that cannot be one, or that another account has.
            EnrolledElsewhere: the seller has enrolled with something else.
            StoreUnavailable: the store could not read or write.
        """
        self.seller(wanted.seller)
        made = self._make(enrollment_for(wanted, self.find(wanted.seller)))
        enrollment = self._keep(wanted)
        identifier = self.external_id(enrollment)
        return Enrolled(enrollment, identifier, made, self.commands(enrollment))

    def commands(self, enrollment: Enrollment) -> Sequence[str]:
        """What a seller has to run to have all of it, since Waag cannot; empty where it can."""
        if self._enroller is not None:
            return ()
        identifier, account_id = self.external_id(enrollment), self._courier.account()
        return aws_commands(enrollment, identifier, account_id, self._endpoint)

    def check(self, seller_id: str) -> Sequence[Finding]:
        """What may be done where a seller has enrolled, and what may not.

        Raises:
            NotEnrolled: nowhere.
            StoreUnavailable: the store could not be read.
        """
        enrollment = self.enrollment(seller_id)
        destination = enrollment.destination(self.external_id(enrollment))
        return self._courier.examine(destination, destination.key(TRIED_FILE))

    def _make(self, enrollment: Enrollment) -> Sequence[str]:
        """What was made, where Waag can; names of buckets are everybody's, so that comes first."""
        if self._enroller is None:
            return ()
        claimed = self._enroller.claim_bucket(enrollment)
        if claimed is None:
            raise DestinationInvalid(
                f"The bucket {enrollment.bucket!r} is another account's; names of buckets are "
                "unique over all accounts, so give another."
            )
        return (*(("bucket",) if claimed else ()), *self._enroller.make(enrollment))

    def _keep(self, wanted: WantedEnrollment) -> Enrollment:
        kept: list[Enrollment] = []

        def decide(market: Market) -> MarketChange:
            present = market.enrollment(wanted.seller)
            kept.append(enrollment_for(wanted, present))
            return MarketChange(enrollments=() if present is not None else tuple(kept[-1:]))

        self._markets.change(decide)
        return kept[-1]


def find_enrollment(market: Market, seller_id: str) -> Enrollment:
    """Where a seller has enrolled.

    Raises:
        NotEnrolled: nowhere.
        StoreUnavailable: the store could not be read.
    """
    found = market.enrollment(seller_id)
    if found is None:
        raise NotEnrolled(
            f"Account {seller_id} has not enrolled in data sets: the market has no enrollment "
            f"of it, with a role, a bucket and a topic. `waag enroll {seller_id}` makes one."
        )
    return found

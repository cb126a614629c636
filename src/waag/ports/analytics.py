"""What data sets need of the outside: rows, a queue of requests, somewhere to deliver to."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import msgspec

from waag.domain.analytics.contacts import Contact, ContactChange
from waag.domain.analytics.data_sets import DataSet, DisbursementReport
from waag.domain.analytics.destinations import Destination
from waag.domain.analytics.enrollments import Enrollment
from waag.domain.analytics.findings import Finding
from waag.domain.analytics.requests import DataSetRequest, KeptRequest, Progress, RequestQuery
from waag.domain.instants import Instant


class DataSets(Protocol):
    """Builds the rows of the data sets that GenerateDataSet knows."""

    def latest_disbursement(
        self, seller_id: str, since: Instant, until: Instant
    ) -> DisbursementReport | None:
        """The disbursement report of a seller that was published last, on a day of these.

        Args:
            seller_id: whose.
            since: midnight of the first day.
            until: midnight of the last day; reports of that day are among them.

        Raises:
            StoreUnavailable: the store could not be read.
        """
        ...

    def build(self, data_set: str, seller_id: str, published: Instant) -> DataSet:
        """A data set as of its publication date: asked again, it has the same rows.

        Args:
            data_set: the name of a type that can be built.
            seller_id: whose.
            published: midnight of the publication date.

        Raises:
            StoreUnavailable: the store could not be read; from the rows, too.
        """
        ...


class Sellers(Protocol):
    """What is known of sellers beside their market entries.

    Raises:
        StoreUnavailable: from any call; the store could not be read.
    """

    def first_agreement(self, seller_id: str) -> Instant | None:
        """When the earliest agreement to a product of theirs started; None without any."""
        ...

    def enrolled(self, limit: int) -> Sequence[str]:
        """At most so many of those who have enrolled in data sets, by account."""
        ...


class DataSetRequests(Protocol):
    """The requests for data sets; those that are not settled are the queue.

    Raises:
        StoreUnavailable: from any call; nothing was changed.
    """

    def put(self, request: DataSetRequest) -> None:
        """Keep a request, to be carried out; on disk before this returns."""
        ...

    def request(self, request_id: str) -> KeptRequest | None:
        """The one with this id."""
        ...

    def requests(self, asked: RequestQuery) -> Sequence[KeptRequest]:
        """At most `asked.limit` requests, newest first."""
        ...

    def unsettled(self, limit: int) -> Sequence[KeptRequest]:
        """The oldest that is not settled of each seller, those to be tried first in front.

        A seller's requests are carried out one after another, so that a later one for the same
        object is never overwritten by an earlier one.
        """
        ...

    def proceed(self, number: int, progress: Progress) -> None:
        """Keep how far one has come; on disk before this returns."""
        ...


class SupportContacts(Protocol):
    """The log of what customers told about whom to contact.

    Raises:
        StoreUnavailable: from any call; nothing was changed.
    """

    def add(self, guid: str, agreement_id: str, change: ContactChange) -> None:
        """Begin a contact of an agreement; on disk before this returns."""
        ...

    def change(self, guid: str, decide: Callable[[Contact | None], ContactChange | None]) -> None:
        """Append a change to a contact, unless it is None; on disk before this returns.

        Nothing comes between what `decide` is told and what is kept. Whatever it raises is raised
        here, and nothing is kept.
        """
        ...

    def contact(self, guid: str) -> Contact | None:
        """The one with this GUID."""
        ...

    def contacts(
        self, seller_id: str | None, agreement_id: str | None, after: int, limit: int
    ) -> Sequence[Contact]:
        """At most `limit` contacts by number, above `after`: of a seller, of an agreement."""
        ...


class ReachedDestination(Protocol):
    """A destination whose role has been assumed and whose bucket has been found.

    Raises:
        DestinationRefused: from any call.
        DestinationUnreachable: likewise.
    """

    def put(self, key: str, content_type: str, content: Iterator[bytes]) -> None:
        """Put an object in place of what is there; whole when this returns, else not there.

        Args:
            key: the whole key.
            content_type: its media type.
            content: in pieces of any size; read once.
        """
        ...


class Courier(Protocol):
    """Delivers on behalf of AWS Marketplace to sellers' buckets and topics.

    Raises:
        DestinationRefused: from any call; it stays so until somebody changes something there.
        DestinationUnreachable: from any call; nobody could be asked, or not now.
    """

    def check(self, destination: Destination, key: str) -> None:
        """Find out what can be known before anything is delivered."""
        ...

    def examine(self, destination: Destination, key: str) -> Sequence[Finding]:
        """The same, and each permission told of by itself; nothing of it is raised."""
        ...

    def account(self) -> str:
        """As which account it delivers."""
        ...

    def reach(self, destination: Destination) -> ReachedDestination:
        """Go there."""
        ...

    def tell(self, destination: Destination, message: str) -> None:
        """Publish on the topic."""
        ...


class Enroller(Protocol):
    """Makes what enrollments name.

    Raises:
        StoreUnavailable: from any call; the store could not read or write.
    """

    def claim_bucket(self, enrollment: Enrollment) -> bool | None:
        """Have the bucket be there: whether it was made, None if it is another account's."""
        ...

    def make(self, enrollment: Enrollment) -> Sequence[str]:
        """Have all of it be there: what was made."""
        ...


class AwsCredentials(msgspec.Struct, frozen=True):
    """An access key, of a session if there is a token."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None

    def __repr__(self) -> str:
        """Name the key, never the secret."""
        return f"AwsCredentials({self.access_key_id})"

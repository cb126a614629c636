"""What a data set tells: which one was published, and its rows. Nothing is delivered here."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time

import msgspec

from waag.domain.analytics.choices import AnalyticsChoices
from waag.domain.analytics.contacts import (
    COLUMNS,
    SUPPORT_TYPES,
    TEST_CONTACTS,
    exported_row,
    static_rows,
    support_coverage,
)
from waag.domain.analytics.data_sets import (
    DATA_SET_TYPES,
    Cadence,
    Coverage,
    DataSet,
    DataSetType,
    Publication,
    check_known,
    check_publication,
    look_back_from,
    publication_of,
)
from waag.domain.analytics.documents import data_set_file_name, support_file_name
from waag.domain.analytics.enrollments import Enrollment
from waag.domain.instants import Instant, from_datetime
from waag.ports.analytics import DataSets, Sellers, SupportContacts

CONTACTS_AT_ONCE = 500
"""How many contacts are read in one step."""


class Edition(msgspec.Struct, frozen=True):
    """One data set of one seller, as it is delivered.

    Attributes:
        asked, published, file_name: as in `waag.domain.analytics.requests.DataSetRequest`.
    """

    type: str
    seller_id: str
    asked: Instant
    published: Instant | None
    covers: Coverage
    file_name: str


class Contents:
    """Finds editions, and their rows.

    Args:
        data_sets: builds those of GenerateDataSet.
        sellers: since when sellers sell.
        contacts: the log of support contacts.
        choices: the readings taken where sources on data sets differ.
    """

    def __init__(
        self,
        data_sets: DataSets,
        sellers: Sellers,
        contacts: SupportContacts,
        choices: AnalyticsChoices,
    ) -> None:
        self._data_sets = data_sets
        self._sellers = sellers
        self._contacts = contacts
        self._choices = choices

    def edition(
        self, data_set: str, enrollment: Enrollment, asked: Instant, now: Instant
    ) -> Edition:
        """The data set of a publication date, or the support export from a date on.

        Args:
            data_set: the name of a type, of either operation.
            enrollment: the seller's.
            asked: any instant of the publication date, or fromDate.
            now: what the clock shows.

        Raises:
            AnalyticsRefused: there is none, and why.
            StoreUnavailable: the store could not be read.
        """
        seller_id = enrollment.seller
        if data_set in SUPPORT_TYPES:
            covers = support_coverage(data_set, asked, now)
            name = support_file_name(data_set, covers, self._choices)
            return Edition(data_set, seller_id, asked, None, covers, name)
        published = self._published(DATA_SET_TYPES[data_set], enrollment, asked, now)
        return Edition(
            data_set,
            seller_id,
            published.asked,
            published.published,
            published.covers,
            data_set_file_name(data_set, published, self._choices),
        )

    def rows(
        self, data_set: str, seller_id: str, published: Instant | None, covers: Coverage
    ) -> DataSet:
        """What an edition tells; the same whenever it is asked for.

        Raises:
            StoreUnavailable: the store could not be read; from the rows, too.
        """
        if published is not None:
            return self._data_sets.build(data_set, seller_id, published)
        if data_set == TEST_CONTACTS:
            return DataSet(COLUMNS, static_rows())
        return DataSet(COLUMNS, self._contact_rows(seller_id, covers))

    def _published(
        self, data_set: DataSetType, enrollment: Enrollment, asked: Instant, now: Instant
    ) -> Publication:
        check_known(data_set)
        day = check_publication(
            data_set, asked, joined=self._joined(enrollment), choices=self._choices, now=now
        )
        report = None
        if data_set.cadence is Cadence.DISBURSEMENT:
            report = self._data_sets.latest_disbursement(
                enrollment.seller, look_back_from(day), day
            )
        return publication_of(data_set, asked, day, report)

    def _joined(self, enrollment: Enrollment) -> Instant | None:
        """Since when a seller sells: as the market says, else since the first agreement."""
        if enrollment.joined is not None:
            return from_datetime(datetime.combine(enrollment.joined, time(), UTC))
        return self._sellers.first_agreement(enrollment.seller)

    def _contact_rows(self, seller_id: str, covers: Coverage) -> Iterator[Sequence[str]]:
        after = 0
        while True:
            step = self._contacts.contacts(seller_id, None, after, CONTACTS_AT_ONCE)
            rows = (exported_row(each, covers) for each in step)
            yield from (row for row in rows if row is not None)
            if len(step) < CONTACTS_AT_ONCE:
                return
            after = step[-1].number

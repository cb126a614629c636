"""Which reading is taken where AWS's sources on data sets differ; see docs/compatibility.md."""

from enum import Enum

import msgspec


class Available(Enum):
    """When a data set can be had, by its publication date."""

    END_OF_DAY = "end-of-day"
    START_OF_DAY = "start-of-day"


class FileDate(Enum):
    """Which date stands in the name of a file."""

    ASKED = "asked"
    PUBLISHED = "published"


class SupportFileName(Enum):
    """What stands in the name of a support export's file."""

    FROM_DATE = "from-date"
    RANGE = "range"


class AnalyticsChoices(msgspec.Struct, frozen=True):
    """The readings taken.

    Attributes:
        data_set_available: from the end of the publication date on, or from its start.
        data_set_file_date: of monthly and disbursement data sets: the day asked for, or the day of
            publication.
        support_file_name: the date it begins with, or both its ends.
    """

    data_set_available: Available = Available.END_OF_DAY
    data_set_file_date: FileDate = FileDate.ASKED
    support_file_name: SupportFileName = SupportFileName.FROM_DATE

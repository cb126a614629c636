"""What data sets are built from, put together."""

from waag.analytics.sql_data_sets import SqlDataSets
from waag.bootstrap.features import Feature, Surroundings
from waag.ports import Settle
from waag.storage.billing.books import SqliteBooks


class DataSetParts:
    """Built beside the writer.

    Args:
        around: what the keeper has.
        settle: does all that is due.

    Attributes:
        data_sets: builds those of GenerateDataSet.
        feature: what it adds.
    """

    def __init__(self, around: Surroundings, settle: Settle) -> None:
        terms = SqliteBooks(around.writer, around.open_reader())
        available = around.settings.choices.analytics.data_set_available
        self.data_sets = SqlDataSets(around.snapshots, terms, settle, available)
        self.feature = Feature(close=terms.close)

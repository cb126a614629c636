"""GenerateDataSet and StartSupportDataExport."""

from concurrent.futures import Executor

from waag.ports import Caller
from waag.services.analytics import AskedDataSets
from waag.wire.generated import commerce_analytics as wire
from waag.wire.operations import Answer, DeskOperations, Enrolled
from waag.wire.translate.analytics import (
    from_wire_data_set,
    from_wire_export,
    to_wire_data_set,
    to_wire_export,
)


def analytics_operations(asked: AskedDataSets, threads: Executor) -> DeskOperations:
    """The table of what delivers data sets.

    Args:
        asked: takes requests.
        threads: where it is waited for what AWS says to them.
    """

    def generate(request: wire.GenerateDataSetRequest, caller: Caller) -> Answer:
        taken = asked.take(from_wire_data_set(request), caller.account_id)
        return Answer(to_wire_data_set(taken), taken.notes)

    def export(request: wire.StartSupportDataExportRequest, caller: Caller) -> Answer:
        taken = asked.take(from_wire_export(request), caller.account_id)
        return Answer(to_wire_export(taken), taken.notes)

    def admit(caller: Caller) -> None:
        asked.enrollment(caller.account_id)

    return {
        wire.GenerateDataSetRequest: Enrolled(generate, threads, admit),
        wire.StartSupportDataExportRequest: Enrolled(export, threads, admit),
    }

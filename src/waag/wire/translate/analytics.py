"""GenerateDataSet, StartSupportDataExport: between the wire's structs and the domain's values."""

from waag.domain.instants import from_epoch_seconds
from waag.services.analytics import SubmittedDataSet, Taken
from waag.wire.generated import commerce_analytics as wire


def from_wire_data_set(request: wire.GenerateDataSetRequest) -> SubmittedDataSet:
    """A request in the domain's words."""
    return SubmittedDataSet(
        request.data_set_type,
        from_epoch_seconds(request.data_set_publication_date),
        request.role_name_arn,
        request.destination_s3_bucket_name,
        request.destination_s3_prefix,
        request.sns_topic_arn,
        request.customer_defined_values,
    )


def from_wire_export(request: wire.StartSupportDataExportRequest) -> SubmittedDataSet:
    """A request in the domain's words."""
    return SubmittedDataSet(
        request.data_set_type,
        from_epoch_seconds(request.from_date),
        request.role_name_arn,
        request.destination_s3_bucket_name,
        request.destination_s3_prefix,
        request.sns_topic_arn,
        request.customer_defined_values,
    )


def to_wire_data_set(taken: Taken) -> wire.GenerateDataSetResult:
    """The request's id."""
    return wire.GenerateDataSetResult(data_set_request_id=taken.request.id)


def to_wire_export(taken: Taken) -> wire.StartSupportDataExportResult:
    """The request's id."""
    return wire.StartSupportDataExportResult(data_set_request_id=taken.request.id)

"""What is written about a data set: the names of its files, the file beside it, the notice of it.

Source: AWS Marketplace Commerce Analytics Service guide; Product Support Connection guide.
"""

from typing import Any

import msgspec

from waag.domain.analytics.choices import AnalyticsChoices, FileDate, SupportFileName
from waag.domain.analytics.data_sets import Coverage, Publication
from waag.domain.analytics.requests import DataSetRequest
from waag.domain.instants import Instant, to_datetime


def data_set_file_name(data_set: str, publication: Publication, choices: AnalyticsChoices) -> str:
    """The name of both files without their endings: {data_set_type}_YYYY-MM-DD."""
    asked = choices.data_set_file_date is FileDate.ASKED
    day = publication.asked if asked else publication.published
    return f"{data_set}_{to_datetime(day):%Y-%m-%d}"


def support_file_name(data_set: str, covers: Coverage, choices: AnalyticsChoices) -> str:
    """The same of a support export: {data_set_type}_YYYY-MM-DDTHH-mm-ssZ."""
    starts = _in_file_name(covers.starts)
    if choices.support_file_name is SupportFileName.FROM_DATE:
        return f"{data_set}_{starts}"
    return f"{data_set}_{starts}_to_{_in_file_name(covers.ends)}"


def metadata(request: DataSetRequest, completed: Instant) -> bytes:
    """The file beside a data set.

    Args:
        request: which data set.
        completed: when its rows were all there; told of support exports only.
    """
    support = request.published is None
    document: dict[str, Any] = {
        "dataSetRequestId": request.id,
        "dataSetCoverageRange": {
            "startDateTime": written(request.covers.starts),
            "endDateTime": written(request.covers.ends),
        },
        "dataSetRequestParameters": _parameters(request),
        **_locations(request),
    }
    if support:
        document["requestReceivedDateTime"] = written(request.received)
        document["requestCompletedDateTime"] = written(completed)
    return msgspec.json.encode(document)


def notice(request: DataSetRequest, failure: str | None) -> str:
    """The message on the topic: that a data set is there, or why it is not."""
    document: dict[str, Any] = {
        **_locations(request),
        "dataSetRequestId": request.id,
        "success": failure is None,
    }
    if failure is not None:
        document["message"] = failure
    if request.customer_defined_values is not None:
        document["customerDefinedValues"] = request.customer_defined_values
    return msgspec.json.encode(document).decode()


def written(instant: Instant) -> str:
    """ISO 8601 in milliseconds."""
    return to_datetime(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _parameters(request: DataSetRequest) -> dict[str, Any]:
    destination = request.destination
    parameters: dict[str, Any] = {}
    if request.published is not None:
        parameters["sellerAccountId"] = request.seller_id
    parameters["dataSetType"] = request.type
    parameters["fromDate" if request.published is None else "dataSetPublicationDate"] = written(
        request.asked
    )
    parameters["roleNameArn"] = destination.role
    parameters["destinationS3BucketName"] = destination.bucket
    if destination.prefix is not None:
        parameters["destinationS3Prefix"] = destination.prefix
    parameters["snsTopicArn"] = destination.topic
    if request.customer_defined_values is not None:
        parameters["customerDefinedValues"] = request.customer_defined_values
    return parameters


def _locations(request: DataSetRequest) -> dict[str, Any]:
    bucket = request.destination.bucket
    return {
        "dataSetS3Location": {"bucketName": bucket, "key": request.data_key},
        "dataSetMetaDataS3Location": {"bucketName": bucket, "key": request.metadata_key},
    }


def _in_file_name(instant: Instant) -> str:
    return f"{to_datetime(instant):%Y-%m-%dT%H-%M-%SZ}"

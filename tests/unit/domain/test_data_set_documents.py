"""The names of files, the file beside a support export, the notice of a failure."""

import json

import pytest

from builders import NOW, SELLER
from waag.domain.analytics.choices import AnalyticsChoices, FileDate, SupportFileName
from waag.domain.analytics.data_sets import Coverage, Publication
from waag.domain.analytics.destinations import Destination
from waag.domain.analytics.documents import (
    data_set_file_name,
    metadata,
    notice,
    support_file_name,
)
from waag.domain.analytics.requests import DataSetRequest
from waag.domain.instants import HOUR, SECOND, parse_instant

COVERS = Coverage(parse_instant("2015-01-18T00:00:00Z"), parse_instant("2016-08-05T03:14:50Z"))
EXPORT = DataSetRequest(
    "id-1",
    SELLER,
    "customer_support_contacts_data",
    COVERS.starts,
    None,
    COVERS,
    "file",
    Destination("role", "external", "policy", "bucket", "prefix", "topic"),
    {"run": "7"},
    NOW,
)
LOCATIONS = {
    "dataSetS3Location": {"bucketName": "bucket", "key": "prefix/file.csv"},
    "dataSetMetaDataS3Location": {"bucketName": "bucket", "key": "prefix/file.meta.json"},
}


@pytest.mark.parametrize(
    ("choices", "name"),
    [
        (AnalyticsChoices(), "sales_2026-05-31"),
        (AnalyticsChoices(data_set_file_date=FileDate.PUBLISHED), "sales_2026-05-15"),
    ],
)
def test_the_name_of_a_data_set(choices, name):
    """With the day asked for, or by choice that of publication."""
    days = (parse_instant(f"2026-05-{day}T00:00:00Z") for day in (31, 15))
    assert data_set_file_name("sales", Publication(*days, COVERS), choices) == name


@pytest.mark.parametrize(
    ("choices", "name"),
    [
        (AnalyticsChoices(), "contacts_2015-01-18T00-00-00Z"),
        (
            AnalyticsChoices(support_file_name=SupportFileName.RANGE),
            "contacts_2015-01-18T00-00-00Z_to_2016-08-05T03-14-50Z",
        ),
    ],
)
def test_the_name_of_an_export(choices, name):
    """With what it begins with, or by choice both ends."""
    assert support_file_name("contacts", COVERS, choices) == name


def test_the_file_beside_an_export():
    """Has fromDate, no seller, and when it was asked for and complete."""
    assert json.loads(metadata(EXPORT, NOW + HOUR + SECOND // 2)) == {
        "dataSetRequestId": "id-1",
        "dataSetCoverageRange": {
            "startDateTime": "2015-01-18T00:00:00.000Z",
            "endDateTime": "2016-08-05T03:14:50.000Z",
        },
        "dataSetRequestParameters": {
            "dataSetType": "customer_support_contacts_data",
            "fromDate": "2015-01-18T00:00:00.000Z",
            "roleNameArn": "role",
            "destinationS3BucketName": "bucket",
            "destinationS3Prefix": "prefix",
            "snsTopicArn": "topic",
            "customerDefinedValues": {"run": "7"},
        },
        **LOCATIONS,
        "requestReceivedDateTime": "2026-05-14T10:20:30.000Z",
        "requestCompletedDateTime": "2026-05-14T11:20:30.500Z",
    }


def test_the_notice_of_a_failure():
    """Has the shape of that of a success, and says why."""
    assert json.loads(notice(EXPORT, "Give the role what it lacks.")) == {
        **LOCATIONS,
        "dataSetRequestId": "id-1",
        "success": False,
        "message": "Give the role what it lacks.",
        "customerDefinedValues": {"run": "7"},
    }

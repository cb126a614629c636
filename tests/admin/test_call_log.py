import io
import json
import os

import pytest

from waag.admin.call_log import CallLog
from waag.domain.calls import CallRecord
from waag.services.calls import LatestCalls

CALL = CallRecord(
    time=0,
    ended=0,
    request_id="1",
    service="Marketplace Metering",
    operation="BatchMeterUsage",
    caller="",
    region="us-east-1",
    status=200,
    outcome="Success",
    notes=("two\nlines",),
)


@pytest.fixture
def broken_pipe():
    """Somewhere to write that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    yield lambda text: os.write(writing, text.encode())
    os.close(writing)


def test_a_call_is_one_line():
    """Whatever it holds, it ends with the line's end and has none before."""
    written = io.StringIO()
    CallLog(LatestCalls(), written.write).record(CALL)
    assert written.getvalue().index("\n") == len(written.getvalue()) - 1


def test_a_line_has_every_member_of_the_call():
    """The same as the admin API shows."""
    written = io.StringIO()
    CallLog(LatestCalls(), written.write).record(CALL)
    assert json.loads(written.getvalue()) == {
        "time": "1970-01-01T00:00:00Z",
        "request_id": "1",
        "service": "Marketplace Metering",
        "operation": "BatchMeterUsage",
        "caller": "",
        "region": "us-east-1",
        "status": 200,
        "outcome": "Success",
        "rule": "",
        "why": "",
        "notes": ["two\nlines"],
        "microseconds": 0,
    }


def test_a_call_is_kept_too():
    """The admin API shows calls whether or not they are written down."""
    calls = LatestCalls()
    CallLog(calls, io.StringIO().write).record(CALL)
    assert calls.latest(10) == [CALL]


def test_a_log_that_cannot_be_written_is_no_failure(broken_pipe):
    """The call was answered; that nobody reads the log does not change it."""
    calls = LatestCalls()
    CallLog(calls, broken_pipe).record(CALL)
    assert calls.latest(10) == [CALL]

"""Requests for data sets taken one step further at a time."""

import json
import logging

import pytest
from msgspec.structs import replace

from builders import NOW, OTHER_SELLER, SELLER
from built_data_sets import COLUMNS, DAILY, BuiltDataSets, data_sets
from waag.domain.analytics.choices import AnalyticsChoices
from waag.domain.analytics.data_sets import Coverage, DataSet
from waag.domain.analytics.destinations import Destination
from waag.domain.analytics.refusals import DestinationRefused, DestinationUnreachable
from waag.domain.analytics.requests import (
    DataSetRequest,
    KeptRequest,
    Progress,
    RequestStatus,
)
from waag.domain.instants import DAY, SECOND
from waag.domain.refusals import StoreUnavailable
from waag.services.clock import RealClock
from waag.services.data_set_contents import Contents
from waag.worker.analytics import BUILD_ATTEMPTS_MAX, DataSetDelivery

LATER = DestinationUnreachable("Nobody answers.")
NEVER = DestinationRefused("Give the role s3:PutObject.")


def kept(number, seller=SELLER, **progress):
    """A request of a seller's."""
    there = Destination("role", "external", "policy", "bucket", None, "topic")
    covers = Coverage(NOW, NOW + DAY)
    request = DataSetRequest(
        f"id-{number}", seller, DAILY, NOW, NOW, covers, f"file-{number}", there, None, NOW
    )
    return KeptRequest(number, request, Progress(**progress))


class FakeRequests:
    """The port `DataSetRequests` in memory."""

    def __init__(self, *requests) -> None:
        self.kept = {each.number: each for each in requests}

    def unsettled(self, _limit):
        """The oldest of each seller."""
        oldest = {}
        for each in self.kept.values():
            if not each.progress.status.is_settled:
                oldest.setdefault(each.request.seller_id, each)
        return sorted(oldest.values(), key=lambda each: (each.progress.retry_at, each.number))

    def proceed(self, number, progress):
        """Keep how far it has come."""
        self.kept[number] = replace(self.kept[number], progress=progress)

    def states(self):
        """How far each has come."""
        return [
            (each.status.value, each.attempts, each.message, each.last_error)
            for each in (kept.progress for kept in self.kept.values())
        ]


class FakeCourier:
    """The port `Courier`: does what it is told to at each step, by name, and all else well."""

    def __init__(self, **troubles) -> None:
        self._troubles = {name: list(each) for name, each in troubles.items()}
        self.done = []
        self.objects = {}

    def _do(self, step, name):
        self.done.append(name)
        if self._troubles.get(step):
            raise self._troubles[step].pop(0)

    def reach(self, _destination):
        """Go there."""
        self._do("reach", "reach")
        return self

    def put(self, key, _content_type, content):
        """Put an object."""
        self._do("metadata" if key.endswith(".meta.json") else "rows", key)
        self.objects[key] = b"".join(content)

    def tell(self, _destination, message):
        """Publish."""
        told = json.loads(message)
        self._do("tell", f"told {told['dataSetRequestId']} {told['success']}")


class Machine:
    """The machine's own time."""

    now = NOW

    def __call__(self) -> int:
        """What it is."""
        return self.now


def delivery(requests, courier, machine=None, built=None, to_bytes=None):
    """Work without jitter: every pause is whole."""
    machine = machine or Machine()
    return DataSetDelivery(
        requests=requests,
        contents=Contents(built or data_sets(), None, None, AnalyticsChoices()),
        courier=courier,
        to_bytes=to_bytes or (lambda data_set: (row[1].encode() for row in data_set.rows)),
        clock=RealClock(machine),
        real=machine,
        jitter=lambda: 1,
    )


def worked(requests, courier, times, **given):
    """What so many turns answer; the machine's time passes as they say."""
    machine = Machine()
    work = delivery(requests, courier, machine, **given)
    answers = []
    for _ in range(times):
        answers.append(work())
        machine.now += round((answers[-1] or 0) * SECOND)
    return answers


def test_rows_then_the_file_beside_them_then_the_notice():
    """And then there is nothing to wait for."""
    requests, courier = FakeRequests(kept(1)), FakeCourier()
    answers = worked(requests, courier, 3)
    assert (answers, courier.done) == (
        [0, 0, None],
        ["reach", "file-1.csv", "file-1.meta.json", "told id-1 True"],
    )
    assert requests.states() == [("succeeded", 0, None, None)]


def test_a_sellers_requests_are_carried_out_one_after_another():
    """A later one never comes before an earlier."""
    requests, courier = FakeRequests(kept(1), kept(2)), FakeCourier()
    worked(requests, courier, 4)
    told = [each for each in courier.done if each.startswith("told")]
    assert told == ["told id-1 True", "told id-2 True"]


def test_one_sellers_trouble_is_not_anothers():
    """Who waits is who comes behind it."""
    requests = FakeRequests(kept(1), kept(2), kept(3, OTHER_SELLER))
    courier = FakeCourier(reach=[LATER])
    work = delivery(requests, courier)
    answers = [work() for _ in range(4)]
    assert (answers, [each[0] for each in requests.states()]) == (
        [0, 0, 0, 1],
        ["pending", "pending", "succeeded"],
    )


@pytest.mark.parametrize("step", ["reach", "rows", "metadata", "tell"])
def test_what_cannot_be_reached_is_tried_again(step):
    """After one second, two, four: until it is done."""
    requests, courier = FakeRequests(kept(1)), FakeCourier(**{step: [LATER] * 3})
    answers = [each for each in worked(requests, courier, 9) if each]
    assert (answers, requests.states()[0][0]) == ([1, 2, 4], "succeeded")


def test_an_outage_of_any_length_is_outlived():
    """Nothing is ever given up for it; the last reason is kept."""
    requests, courier = FakeRequests(kept(1)), FakeCourier(reach=[LATER] * 200)
    answers = worked(requests, courier, 399)
    assert (answers[-1], requests.states()) == (0, [("pending", 200, None, "Nobody answers.")])
    assert max(each for each in answers if each is not None) == 60


def test_a_machine_clock_that_was_set_back():
    """Makes nobody wait for longer than the longest pause."""
    requests, courier = FakeRequests(kept(1, retry_at=NOW + DAY)), FakeCourier()
    assert worked(requests, courier, 1) == [0]


@pytest.mark.parametrize("step", ["reach", "rows", "metadata"])
def test_what_is_refused_is_announced(step):
    """With what has to be fixed."""
    requests, courier = FakeRequests(kept(1)), FakeCourier(**{step: [NEVER]})
    worked(requests, courier, 2)
    assert (courier.done[-1], requests.states()) == (
        "told id-1 False",
        [("failed", 0, "Give the role s3:PutObject.", None)],
    )


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (RequestStatus.DELIVERED, "succeeded", None),
        (RequestStatus.REFUSED, "failed", "Give the role what it lacks."),
    ],
)
def test_nobody_can_be_told(before, after, message):
    """What became of it stays, and the operator sees why nobody knows."""
    requests = FakeRequests(kept(1, status=before, message=message))
    worked(requests, FakeCourier(tell=[NEVER]), 2)
    assert requests.states() == [(after, 0, message, "Give the role s3:PutObject.")]


def failing_builder(error):
    """Data sets of which the one fails."""

    def build(_seller, _published):
        raise error

    return BuiltDataSets({DAILY: build}, lambda *_: None)


def test_what_cannot_be_built_is_announced_in_the_end(caplog):
    """After a few attempts, each of which is logged."""
    requests, courier = FakeRequests(kept(1)), FakeCourier()
    with caplog.at_level(logging.ERROR):
        worked(requests, courier, 2 * BUILD_ATTEMPTS_MAX, built=failing_builder(ValueError("odd")))
    why = f"Waag failed to build {DAILY}; its log says why."
    assert (requests.states(), len(caplog.records)) == (
        [("failed", 0, why, None)],
        BUILD_ATTEMPTS_MAX,
    )


def test_a_store_that_is_not_available():
    """Is the thread's to wait for: the request stays as it is, in nobody's hands."""
    requests, courier = FakeRequests(kept(1)), FakeCourier()
    work = delivery(requests, courier, built=failing_builder(StoreUnavailable("The disk is full.")))
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            work()
    assert requests.states() == [("pending", 0, None, None)]


def test_a_stop_breaks_off_what_is_being_put():
    """It is begun anew later."""
    requests, courier = FakeRequests(kept(1)), FakeCourier()
    rows = iter([("1", "1"), ("2", "2")])
    work = delivery(
        requests, courier, built=BuiltDataSets({DAILY: lambda *_: DataSet(COLUMNS, rows)}, None)
    )
    work.stop()
    work()
    assert (requests.states(), courier.objects) == (
        [("pending", 1, None, "Waag was stopped meanwhile.")],
        {},
    )


def test_two_workers_never_have_the_same_request_in_hand():
    """While one is at it, the other finds nothing to do."""
    requests, courier = FakeRequests(kept(1)), FakeCourier()
    seen = []

    def to_bytes(_data_set):
        seen.append(work())
        return iter([b"x"])

    work = delivery(requests, courier, to_bytes=to_bytes)
    work()
    assert seen == [None]

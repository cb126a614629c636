"""Events delivered: in order, tried again, given up."""

import pytest
from msgspec.structs import replace

from builders import NOW, SELLER
from waag.domain.events import Event, EventStatus, EventTarget, KeptEvent
from waag.domain.instants import SECOND
from waag.worker.delivery import ATTEMPTS_MAX, Delivery, delay_after


def kept(number):
    """A due event."""
    target = EventTarget.EVENTBRIDGE
    event = Event(f"id-{number}", "agmt-1", SELLER, NOW + number, target, "name", None, "{}")
    return KeptEvent(number, event, "code", EventStatus.DUE)


class FakeOutbox:
    """The port `Outbox` in memory."""

    def __init__(self, *events) -> None:
        self.events = {each.number: each for each in events}
        self.writes = 0

    def due(self, limit):
        """Those to be delivered next."""
        due = [each for each in self.events.values() if each.status is EventStatus.DUE]
        return sorted(due, key=lambda each: (each.event.due, each.number))[:limit]

    def sent(self, numbers):
        """Keep that these were taken."""
        self.writes += 1
        for number in numbers:
            event = self.events[number]
            self.events[number] = replace(
                event, status=EventStatus.SENT, attempts=event.attempts + 1, last_error=None
            )

    def failed(self, number, status, attempts, error):
        """Keep that one was not."""
        self.events[number] = replace(
            self.events[number], status=status, attempts=attempts, last_error=error
        )

    def states(self):
        """How far each has come."""
        return [
            (each.status.value, each.attempts, each.last_error) for each in self.events.values()
        ]


class FakeReceiver:
    """The port `Receiver`: answers what it was given, and takes all else."""

    def __init__(self, *errors) -> None:
        self._errors = list(errors)
        self.taken = []

    def deliver(self, event):
        """Hand one over."""
        self.taken.append(event.id)
        return self._errors.pop(0) if self._errors else None


class Machine:
    """The machine's own time."""

    now = NOW

    def __call__(self) -> int:
        """What it is."""
        return self.now


class SlowReceiver:
    """The port `Receiver`: takes everything, and a fifteenth of a second for it."""

    def __init__(self, machine) -> None:
        self._machine = machine

    def deliver(self, _event):
        """Hand one over."""
        self._machine.now += SECOND // 15


def delivery(outbox, *receivers, machine=None):
    """Work without jitter: every pause is whole."""
    return Delivery(outbox, receivers, machine or Machine(), lambda: 1)


def test_events_are_delivered_in_order():
    """And then there is nothing to wait for."""
    outbox, receiver = FakeOutbox(kept(2), kept(1)), FakeReceiver()
    work = delivery(outbox, receiver)
    assert ([work(), work()], receiver.taken) == ([0, None], ["id-1", "id-2"])


def test_those_of_a_moment_are_marked_together():
    """However many, by one write."""
    outbox = FakeOutbox(*map(kept, range(9)))
    delivery(outbox, FakeReceiver())()
    assert (outbox.writes, outbox.states()) == (1, [("sent", 1, None)] * 9)


def test_a_slow_receiver_does_not_put_marking_off():
    """What it has taken after a tenth of a second is marked before the next one."""
    machine, outbox = Machine(), FakeOutbox(kept(1), kept(2), kept(3))
    delivery(outbox, SlowReceiver(machine), machine=machine)()
    assert [each[0] for each in outbox.states()] == ["sent", "sent", "due"]


def test_those_before_one_that_fails_are_sent():
    """It alone stays due, with those after it."""
    outbox = FakeOutbox(kept(1), kept(2), kept(3))
    delivery(outbox, FakeReceiver(None, "HTTP 500"))()
    assert outbox.states() == [("sent", 1, None), ("due", 1, "HTTP 500"), ("due", 0, None)]


def test_what_was_taken_is_sent():
    """After one attempt, without an error."""
    outbox = FakeOutbox(kept(1))
    delivery(outbox, FakeReceiver())()
    assert outbox.states() == [("sent", 1, None)]


class TestFailing:
    """An attempt that fails."""

    def test_the_event_stays_due(self):
        """With the reason; the next one waits behind it."""
        outbox = FakeOutbox(kept(1), kept(2))
        delivery(outbox, FakeReceiver("HTTP 500"))()
        assert outbox.states() == [("due", 1, "HTTP 500"), ("due", 0, None)]

    def test_it_is_not_tried_again_before_its_time(self):
        """Even if the worker is woken."""
        machine, receiver = Machine(), FakeReceiver("HTTP 500")
        work = delivery(FakeOutbox(kept(1)), receiver, machine=machine)
        first = work()
        machine.now += SECOND // 4
        assert (first, work(), receiver.taken) == (1, 0.75, ["id-1"])

    def test_it_is_tried_again_in_its_time(self):
        """Until it is taken, which no longer says why it once was not."""
        machine, outbox = Machine(), FakeOutbox(kept(1))
        work = delivery(outbox, FakeReceiver("HTTP 500", "HTTP 503"), machine=machine)
        pauses = []
        for _ in range(3):
            pauses.append(work())
            machine.now += round(pauses[-1] * SECOND)
        assert (pauses, outbox.states()) == ([1, 2, 0], [("sent", 3, None)])

    def test_it_is_given_up_in_the_end(self):
        """And the next one has its turn."""
        last = replace(kept(1), attempts=ATTEMPTS_MAX - 1)
        outbox = FakeOutbox(last, kept(2))
        work = delivery(outbox, FakeReceiver("HTTP 500"))
        work()
        work()
        assert outbox.states() == [("failed", ATTEMPTS_MAX, "HTTP 500"), ("sent", 1, None)]


class TestSeveralReceivers:
    """An event is sent once all have taken it."""

    def test_those_that_took_it_are_left_alone(self):
        """Only the one that failed is asked again; the next event goes to all."""
        machine, outbox = Machine(), FakeOutbox(kept(1), kept(2))
        one, other = FakeReceiver(), FakeReceiver("HTTP 500")
        work = delivery(outbox, one, other, machine=machine)
        for _ in range(3):
            machine.now += SECOND
            work()
        assert (one.taken, other.taken) == (["id-1", "id-2"], ["id-1", "id-1", "id-2"])
        assert outbox.states() == [("sent", 2, None), ("sent", 1, None)]

    def test_every_reason_is_kept(self):
        """In the order of the receivers."""
        outbox = FakeOutbox(kept(1))
        delivery(outbox, FakeReceiver("HTTP 500"), FakeReceiver(), FakeReceiver("no route"))()
        assert outbox.states() == [("due", 1, "HTTP 500; no route")]


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [
        (1, 1, 1),
        (1, 0, 0.5),
        (2, 1, 2),
        (3, 1, 4),
        (6, 1, 32),
        (7, 1, 60),
        (49, 1, 60),
        (49, 0, 30),
    ],
)
def test_pauses_are_doubled_up_to_a_minute(attempts, jitter, seconds):
    """And shortened by up to half, so that not all receivers are tried at once."""
    assert delay_after(attempts, jitter) == seconds * SECOND

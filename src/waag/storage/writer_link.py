"""The writer's end of its link to a front."""

import socket
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from waag.storage.link import Appended, Frames, Refused, frame, from_front

RECEIVED_BYTES_MAX = 256 * 1024
"""Taken from a link at a time, so that the first rows of a group do not wait for too many more."""

UNSENT_BYTES_MAX = 16 * 1024 * 1024
"""A front that reads so little of what it is told is given up."""

HEED_SECONDS = 5.0
"""How long a front may take to heed a notice before it is given up."""


class WriterLink:
    """What came from one front and what goes to it; used by the writer's thread alone.

    Args:
        end: this end of the link.
        given_up: told if it is the writer that closes the link.
    """

    def __init__(self, end: socket.socket, given_up: Callable[[], None]) -> None:
        end.setblocking(False)  # noqa: FBT003 - the socket module has it so
        self.end = end
        self.open = True
        self.appended: list[Sequence[tuple[Any, ...]]] = []
        self.refused: list[tuple[Any, ...]] = []
        self._announced: deque[Announcement] = deque()
        self._given_up = given_up
        self._left = False
        self._frames = Frames()
        self._unsent = bytearray()

    def receive(self) -> None:
        """Take what has come: rows, refusals, and word that a notice is heeded."""
        try:
            data = self.end.recv(RECEIVED_BYTES_MAX)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._left = not data
        self.open = self.open and not self._left
        for received in self._frames.messages(data):
            message = from_front(received)
            if isinstance(message, Appended):
                self.appended.append(message.rows)
            elif isinstance(message, Refused):
                self.refused.extend(message.rows)
            else:
                self._announced.popleft().heeded_by(self)

    def announce(self, announcement: "Announcement", notice: object) -> None:
        """Send a notice that is to be heeded."""
        self._announced.append(announcement)
        self.send(notice)

    def send(self, message: object) -> None:
        """Send a message, or as much of it as the front has room for now."""
        self._unsent += frame(message)
        self.flush()

    def flush(self) -> None:
        """Send as much as the front has room for."""
        try:
            while self._unsent and self.open:
                del self._unsent[: self.end.send(self._unsent)]
        except BlockingIOError:
            self.open = len(self._unsent) <= UNSENT_BYTES_MAX
        except OSError:
            self.open = False

    @property
    def unsent(self) -> bool:
        """Whether something waits for the front to read."""
        return bool(self._unsent)

    def close(self) -> None:
        """Let go of the front; nobody waits for it any more."""
        self.open = False
        self.end.close()
        while self._announced:
            self._announced.popleft().heeded_by(self)
        if not self._left:
            self._given_up()


class Announcement:
    """A change that is on disk, and the fronts that have yet to heed it.

    Args:
        links: to every front there is.
        done: called when all of them heed it, or are gone.
        deadline: when those that do not are given up, in seconds of the monotonic clock.
    """

    def __init__(
        self, links: Sequence[WriterLink], done: Callable[[], None], deadline: float
    ) -> None:
        self.deadline = deadline
        self.unheeded = set(links)
        self._done = done

    def heeded_by(self, link: WriterLink) -> None:
        """One front fewer to wait for."""
        self.unheeded.discard(link)
        if not self.unheeded:
            self._done()

"""API calls written down as they end, one line of JSON each, for whoever collects logs."""

from collections.abc import Callable
from contextlib import suppress

import msgspec

from waag.admin.answers import to_answer_call
from waag.domain.calls import CallRecord
from waag.ports import Calls


class CallLog:
    """Implements the port `Calls`: writes each call down and hands it on.

    Args:
        calls: who keeps them.
        write: takes a line of text with its newline.
    """

    def __init__(self, calls: Calls, write: Callable[[str], object]) -> None:
        self._calls = calls
        self._write = write

    def record(self, call: CallRecord) -> None:
        """Write the call down and keep it; whether or not that works, the call was answered."""
        self._calls.record(call)
        with suppress(OSError):
            self._write(msgspec.json.encode(to_answer_call(call)).decode() + "\n")

"""The machine's own clock, which everything that is told the time is given."""

import time

from waag.domain.instants import Instant


def machine_time() -> Instant:
    """Microseconds since the epoch, by the machine's clock."""
    return time.time_ns() // 1000

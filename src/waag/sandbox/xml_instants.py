"""Instants as the XML protocols write them."""

from waag.domain.instants import SECOND, Instant, to_datetime


def shown_instant(instant: Instant) -> str:
    """ISO 8601 with milliseconds: 2026-11-21T10:00:00.000Z."""
    moment = to_datetime(instant // SECOND * SECOND)
    milliseconds = instant % SECOND // 1000
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds:03}Z"

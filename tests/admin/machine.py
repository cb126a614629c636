"""The time on the machine that the servers of these tests run on."""

from waag.domain.instants import parse_instant

NOW = "2026-05-14T10:20:30Z"
REAL = parse_instant(NOW)

"""What tests of a server with two fronts have in common."""

from datetime import UTC, datetime

NOW = datetime(2026, 5, 14, 10, 20, 30, tzinfo=UTC)
PRODUCT = "1poldertab2lytics3legacy4"
MANY = 24
"""New connections, dealt out by the system: that all of so many reach one of two fronts happens
once in eight million times."""

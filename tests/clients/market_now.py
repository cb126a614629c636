"""The instant that client tests are played at: the server's clock stands still there."""

from datetime import UTC, datetime

NOW = datetime(2026, 5, 14, 10, 20, 30, 123456, tzinfo=UTC)

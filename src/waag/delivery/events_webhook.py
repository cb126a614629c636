"""An HTTP endpoint that events are POSTed to."""

from http import HTTPStatus

import msgspec
import urllib3

from waag.domain.events import Event, enveloped

TIMEOUT_SECONDS = 5.0
"""For the connection, and for each part of the answer: a server that stops waits for it."""


class Webhook:
    """Implements the port `Receiver`: whatever answers 2xx has taken an event.

    Args:
        url: of http or https; redirects are not followed.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=False)

    def deliver(self, event: Event) -> str | None:
        """POST one event as JSON, in the envelope of its service."""
        try:
            response = self._pool.request(
                "POST",
                self._url,
                body=msgspec.json.encode(enveloped(event)),
                headers={"content-type": "application/json"},
                redirect=False,
            )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return f"{type(error).__name__}: {error}"
        if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            return None
        return f"HTTP {response.status}"

    def close(self) -> None:
        """Close connections that are kept open."""
        self._pool.clear()

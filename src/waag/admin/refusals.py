"""Why a call of the admin API is refused, where no service refuses it."""

from waag.domain.refusals import Refusal

BODY_BYTES_MAX = 64 * 1024 * 1024
"""The largest body, such as a market file; whoever passes requests on sees to it."""


class BadRequest(Refusal):
    """A body or parameter that cannot be read."""

    rule = "admin.request"


class Unauthorized(Refusal):
    """No operator's token, or another one."""

    rule = "admin.token"


class NotFound(Refusal):
    """No such thing."""

    rule = "admin.not-found"


class BodyTooLarge(Refusal):
    """More than the largest body that is taken."""

    rule = "admin.body"

"""Why the embedded AWS refuses: the branch of the tree of refusals that this room raises.

    EmbeddedRefusal
    ├── InputInvalid         a parameter, header or body that cannot be taken
    ├── NotFound             what is named is not there
    ├── Conflict             what is there already, or still in use, is in the way
    ├── PreconditionFailed   a condition that the caller has set does not hold
    ├── BodyTooLarge         more bytes than are taken
    └── NotServed            known to AWS, not here

Beside these there are AccessDenied, and what signatures are refused with.
"""

from waag.domain.refusals import Refusal


class EmbeddedRefusal(Refusal):
    """A request to the embedded AWS that is not carried out.

    Attributes:
        code: AWS's error code.
        message: what the caller is told.
        status: of HTTP.
    """

    rule = "embedded.refused"
    usual_status = 400

    def __init__(self, code: str, message: str, *, status: int = 0, why: str = "") -> None:
        super().__init__(why or message)
        self.code = code
        self.message = message
        self.status = status or self.usual_status


class InputInvalid(EmbeddedRefusal):
    """A parameter, header or body that cannot be taken."""

    rule = "embedded.input"


class NotFound(EmbeddedRefusal):
    """What is named is not there."""

    rule = "embedded.not-found"
    usual_status = 404


class Conflict(EmbeddedRefusal):
    """What is there already, or still in use, is in the way."""

    rule = "embedded.conflict"
    usual_status = 409


class PreconditionFailed(EmbeddedRefusal):
    """A condition that the caller has set does not hold."""

    rule = "embedded.precondition"
    usual_status = 412


class BodyTooLarge(EmbeddedRefusal):
    """More bytes than are taken."""

    rule = "embedded.body-size"


class NotServed(EmbeddedRefusal):
    """An operation that AWS has and this does not."""

    rule = "embedded.not-served"
    usual_status = 501

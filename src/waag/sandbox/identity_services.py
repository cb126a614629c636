"""STS and IAM as services of the embedded AWS: from a form to XML."""

from waag.exchange import Reply
from waag.sandbox.embedded_aws import Call, Service
from waag.sandbox.iam import Iam
from waag.sandbox.protocols import query_reply, read_form
from waag.sandbox.refusals import InputInvalid
from waag.sandbox.sts import Sts


def identity_services(iam: Iam, sts: Sts) -> dict[str, Service]:
    """Both, by signing name."""

    def answer(call: Call) -> Reply:
        given = read_form(call.request, call.caller.body)
        call.operation = given.get("Action", "")
        if not call.operation:
            raise InputInvalid("MissingAction", "The request must contain the parameter Action.")
        found = sts if call.service == "sts" else iam
        result = found.answer(call.caller, call.operation, given)
        return query_reply(call.service, call.operation, result, call.request_id)

    return {"iam": answer, "sts": answer}

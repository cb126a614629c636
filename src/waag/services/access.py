"""Whether a caller may do what it asks."""

from collections.abc import Callable, Mapping, Sequence

from waag.domain.market import Principal
from waag.domain.policies import Outcome, decide
from waag.domain.refusals import AccessDenied

Context = Mapping[str, str | Sequence[str]]
"""Condition keys and their values, such as aws:SourceIp."""


def authorize(
    principal: Principal, action: str, resource: str, context: Callable[[], Context]
) -> None:
    """Let the principal's policies decide; an explicit deny wins.

    Args:
        principal: who asks.
        action: prefix and operation, such as aws-marketplace:BatchMeterUsage.
        resource: an ARN, or `*` for an operation without resources.
        context: called only if a policy looks at condition keys.

    Raises:
        AccessDenied: no policy allows it, or one denies it.
    """
    decision = decide(principal.policies, action, resource, context)
    if decision.outcome is Outcome.ALLOWED:
        return
    on = "" if resource == "*" else f" on resource: {resource}"
    denied = f"User: {principal.arn} is not authorized to perform: {action}{on}"
    if decision.outcome is Outcome.EXPLICITLY_DENIED:
        raise AccessDenied(
            f"{denied} with an explicit deny in an identity-based policy ({decision.decided_by})"
        )
    raise AccessDenied(f"{denied} because no identity-based policy allows the {action} action")

"""Who may do what: the policies of who asks, joined with those of what is asked for."""

from collections.abc import Mapping

import msgspec

from waag.domain.policies import Outcome, decide
from waag.domain.refusals import AccessDenied
from waag.domain.resource_policies import Grant, ResourcePolicy, allows
from waag.services.access import Context, Signed


class Target(msgspec.Struct, frozen=True):
    """What an action is on.

    Attributes:
        arn: or `*` for an action that is on nothing.
        owner: the account it is of; empty for the caller's own.
        policy: the resource's own, if it has one.
        context: condition keys of the action, such as s3:prefix.
        trusts: whether its own policy has to say yes in any case.
    """

    arn: str = "*"
    owner: str = ""
    policy: ResourcePolicy | None = None
    context: Mapping[str, str] = {}
    trusts: bool = False


def authorize(signed: Signed, action: str, target: Target) -> None:
    """Let policies decide; an explicit deny wins.

    Raises:
        AccessDenied: nothing allows it, or something denies it.
    """
    principal = signed.principal

    def context() -> Context:
        return {**signed.context, **target.context}

    outcome = decide(principal.policies, action, target.arn, context).outcome
    said = Grant.NOTHING
    if target.policy is not None:
        said = target.policy.says(principal, action, target.arn, context)
    owner = target.owner or principal.account_id
    if allows(outcome, said, same_account=owner == principal.account_id, trusts=target.trusts):
        return
    denied = f"User: {principal.arn} is not authorized to perform: {action} on resource: "
    raise AccessDenied(f"{denied}{target.arn} {_because(outcome, said, action, target)}")


def _because(outcome: Outcome, said: Grant, action: str, target: Target) -> str:
    if outcome is Outcome.EXPLICITLY_DENIED:
        return "with an explicit deny in an identity-based policy"
    if said is Grant.DENIAL:
        return "with an explicit deny in a resource-based policy"
    if outcome is Outcome.ALLOWED or target.trusts:
        return f"because no resource-based policy allows the {action} action"
    return f"because no identity-based policy allows the {action} action"

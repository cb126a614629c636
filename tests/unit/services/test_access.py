"""Whether a caller may do what it asks."""

import pytest

from builders import principal, refusal_of
from waag.domain.market_changes import to_policies
from waag.domain.refusals import AccessDenied
from waag.services.access import authorize

ACTION = "aws-marketplace:BatchMeterUsage"
WHO = "User: arn:aws:iam::120000000001:user/ci is not authorized to perform: " + ACTION


def policy(effect, **given):
    """An inline policy of one statement, as JSON."""
    condition = given.get("condition", "")
    return (
        '{"Version":"2012-10-17","Statement":{"Sid":"Only","Effect":"'
        f'{effect}","Action":"aws-marketplace:*","Resource":"*"{condition}}}}}'
    )


FROM_HOME = ',"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}'


def asks(*documents, source="192.0.2.1"):
    """What the principal with these policies is refused with."""
    who = principal(policy_documents=documents, policies=to_policies(documents))
    return refusal_of(authorize, who, ACTION, "*", lambda: {"aws:SourceIp": source})


@pytest.mark.parametrize(
    ("documents", "source", "why"),
    [
        (("MarketplaceSeller",), "192.0.2.1", None),
        ((policy("Allow"),), "192.0.2.1", None),
        ((policy("Allow", condition=FROM_HOME),), "192.0.2.1", None),
        (
            (policy("Allow", condition=FROM_HOME),),
            "203.0.113.1",
            f"{WHO} because no identity-based policy allows the {ACTION} action",
        ),
        ((), "192.0.2.1", f"{WHO} because no identity-based policy allows the {ACTION} action"),
        (
            ("MarketplaceMeteredWorkload",),
            "192.0.2.1",
            f"{WHO} because no identity-based policy allows the {ACTION} action",
        ),
        (
            ("MarketplaceSeller", policy("Deny")),
            "192.0.2.1",
            f"{WHO} with an explicit deny in an identity-based policy (policy inline 1, statement "
            "Only)",
        ),
    ],
    ids=[
        "built in",
        "inline",
        "condition holds",
        "condition does not hold",
        "no policy",
        "another action",
        "a deny wins",
    ],
)
def test_what_policies_decide(documents, source, why):
    """Allowed, not allowed, or denied by a policy that is named."""
    assert asks(*documents, source=source) == (None if why is None else (AccessDenied, why))


def test_the_context_is_built_only_if_a_policy_looks_at_it():
    """A policy without conditions costs no context."""

    def context():
        raise AssertionError

    authorize(principal(), ACTION, "*", context)

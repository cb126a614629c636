"""The market's values."""

import pytest

from builders import BUYER, SELLER, agreement, at, principal
from waag.domain.instants import HOUR
from waag.domain.market import Dimension, DimensionType, ProductType, metered_dimensions

SESSION = principal(
    account_id=BUYER,
    arn=f"arn:aws:sts::{BUYER}:assumed-role/Workload/i-0123",
    session_token="session-secret",
)


@pytest.mark.parametrize(
    ("who", "name"), [(principal(), "ci"), (SESSION, "Workload/i-0123")], ids=["user", "session"]
)
def test_a_principal_is_named_by_the_end_of_its_arn(who, name):
    """A user by its name, a session by its role and its own name."""
    assert who.name == name


@pytest.mark.parametrize(
    ("who", "context"),
    [
        (
            principal(),
            {
                "aws:PrincipalAccount": SELLER,
                "aws:PrincipalArn": f"arn:aws:iam::{SELLER}:user/ci",
                "aws:PrincipalType": "User",
                "aws:username": "ci",
            },
        ),
        (
            SESSION,
            {
                "aws:PrincipalAccount": BUYER,
                "aws:PrincipalArn": f"arn:aws:iam::{BUYER}:role/Workload",
                "aws:PrincipalType": "AssumedRole",
            },
        ),
    ],
    ids=["user", "session"],
)
def test_conditions_on_who_asks(who, context):
    """A session is matched by its role's ARN and has no user name."""
    assert who.context == context


def test_a_principal_does_not_show_its_secrets():
    """What is logged of a principal names it and its access key, no more."""
    assert repr(SESSION) == (
        "Principal(arn:aws:sts::210000000001:assumed-role/Workload/i-0123, AKIAWAAGTESTSELLER01)"
    )


@pytest.mark.parametrize(
    ("kind", "is_saas"),
    [
        (ProductType.SAAS_SUBSCRIPTION, True),
        (ProductType.SAAS_CONTRACT, True),
        (ProductType.SAAS_CONTRACT_WITH_CONSUMPTION, True),
        (ProductType.AMI, False),
        (ProductType.CONTAINER, False),
    ],
)
def test_what_the_seller_runs(kind, is_saas):
    """The seller reports the usage of software as a service, and of nothing else."""
    assert kind.is_saas is is_saas


@pytest.mark.parametrize(
    ("kind", "offered", "metered"),
    [
        (DimensionType.METERED, True, True),
        (DimensionType.EXTERNALLY_METERED, True, True),
        (DimensionType.ENTITLED, True, False),
        (DimensionType.METERED, False, False),
        (DimensionType.ENTITLED, False, False),
    ],
)
def test_which_dimensions_take_usage(kind, offered, metered):
    """Those on offer that are not bought in advance."""
    dimension = Dimension(1, "users", kind, "Users", "1", offered)
    assert metered_dimensions([dimension]) == ({"users": dimension} if metered else {})


STARTS, ENDS = at("2026-05-01T00:00:00"), at("2026-06-01T00:00:00")


@pytest.mark.parametrize(
    ("now", "ends", "covers", "takes_usage"),
    [
        (STARTS - 1, ENDS, False, False),
        (STARTS, ENDS, True, True),
        (ENDS - 1, ENDS, True, True),
        (ENDS, ENDS, False, True),
        (ENDS + HOUR - 1, ENDS, False, True),
        (ENDS + HOUR, ENDS, False, False),
        (STARTS - 1, None, False, False),
        (ENDS + 1000 * HOUR, None, True, True),
    ],
)
def test_when_an_agreement_takes_usage(now, ends, covers, takes_usage):
    """While it is active, and for one hour after its end."""
    agreed = agreement(starts=STARTS, ends=ends)
    assert (agreed.covers(now), agreed.takes_usage(now)) == (covers, takes_usage)

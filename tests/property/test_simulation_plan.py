"""Whatever is planned can be done, in order, and looks like business."""

from hypothesis import given
from hypothesis import strategies as st

from simulated import planned
from waag.domain.instants import HOUR
from waag.domain.market import OfferKind
from waag.domain.simulation.lives import Deed, Life

PLANS = st.builds(
    planned,
    seed=st.integers(0, 2**53 - 1),
    months=st.integers(1, 14),
    customers=st.integers(1, 25),
)


def in_force(life: Life, end: int) -> list[tuple[int, int]]:
    """From when to when a life has an agreement that takes usage, by what is done."""
    spans: list[tuple[int, int]] = []
    since = None
    for act in life.acts:
        if act.deed is Deed.AMEND:
            continue
        if since is not None:
            spans.append((since, act.at))
        since = act.at if act.deed in (Deed.SUBSCRIBE, Deed.RENEW) else None
    return spans if since is None else [*spans, (since, end)]


@given(seed=st.integers(0, 2**53 - 1))
def test_the_same_seed_makes_the_same_plan(seed):
    """To the last habit."""
    assert planned(seed=seed) == planned(seed=seed)


@given(seed=st.integers(0, 2**53 - 2))
def test_another_seed_makes_another_plan(seed):
    """Buyers are others."""
    assert planned(seed=seed).buyers != planned(seed=seed + 1).buyers


@given(plan=PLANS)
def test_nobody_uses_what_is_not_in_force(plan):
    """Every hour of use lies whole between an agreement's beginning and its end."""
    for life in plan.lives:
        spans = in_force(life, plan.asked.ends)
        assert all(
            any(since <= first * HOUR and end * HOUR <= until for since, until in spans)
            for first, end in life.windows
        )


@given(plan=PLANS)
def test_a_life_is_in_order(plan):
    """It begins with a subscription, and nothing is done twice or backwards."""
    for life in plan.lives:
        instants = [act.at for act in life.acts]
        assert (life.acts[0].deed, instants) == (Deed.SUBSCRIBE, sorted(instants))


@given(plan=PLANS)
def test_everything_is_within_the_time_asked_for(plan):
    """Steps come one after another, each at its own instant."""
    instants = [step.at for step in plan.steps]
    assert instants == sorted(set(instants))
    assert plan.asked.starts < instants[0]
    assert instants[-1] == plan.asked.ends


@given(plan=PLANS)
def test_renewals_come_before_the_end_and_reach_beyond_it(plan):
    """The clock has not ended what is renewed."""
    for life in plan.lives:
        ends = None
        for act in life.acts:
            if act.deed is Deed.RENEW:
                assert act.at < ends < act.ends
            ends = ends if act.ends is None else act.ends


@given(plan=PLANS)
def test_contracts_grant_something_and_trials_end(plan):
    """Terms are such as a buyer can agree to."""
    for life in plan.lives:
        contract = life.product.type.is_contract
        for act in life.acts:
            if act.deed is Deed.SUBSCRIBE:
                ends = contract or act.offer is OfferKind.FREE_TRIAL
                assert (bool(act.granted), act.ends is not None) == (contract, ends)

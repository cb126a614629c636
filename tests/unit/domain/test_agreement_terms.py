"""A buyer accepts an offer: what it then has, and what it cannot agree to."""

import pytest
from msgspec.structs import replace

from agreed import AGREED, ENDS, SEATS, counted, given
from builders import BUYER, NOW, OTHER_BUYER, SELLER, STRANGER, agreement, market, refusal_of
from waag.domain.agreement_events import AgreementChoices
from waag.domain.agreement_names import Names
from waag.domain.agreement_terms import TermsRefused
from waag.domain.agreements import CommandRefused, Given, Subscription, cancel, subscribe
from waag.domain.instants import HOUR, SECOND
from waag.domain.market import AgreementStatus, Entitlement, Life, OfferKind


class TestSubscribing:
    """A buyer accepts an offer."""

    def test_a_legacy_agreement(self):
        """It has a customer identifier of eleven letters, no license and no end."""
        [agreed] = subscribe(Subscription("forms", OTHER_BUYER), given()).agreements
        assert agreed == agreement(
            number=8,
            id="agmt-2000000000000000000000000",
            product_id="prod-forms00000001",
            buyer_id=OTHER_BUYER,
            customer=4,
            customer_identifier="30000000000",
            starts=NOW,
            life=Life(AgreementStatus.ACTIVE, OfferKind.PUBLIC, "offer-1000000000000", NOW),
        )

    def test_a_concurrent_agreement(self):
        """It has a license of its own, no identifier, and takes final records for an hour."""
        asked = Subscription("contract", BUYER, OfferKind.PRIVATE, ENDS, SEATS)
        [agreed] = subscribe(asked, given(AGREED)).agreements
        assert agreed == replace(
            AGREED,
            number=9,
            id="agmt-2000000000000000000000000",
            license_arn="arn:aws:license-manager::294406891311:license:l-" + "3".zfill(32),
            starts=NOW,
            life=Life(
                AgreementStatus.ACTIVE,
                OfferKind.PRIVATE,
                "offer-1000000000000",
                NOW,
                ENDS + 31 * SECOND + HOUR,
            ),
        )

    def test_a_legacy_customer_has_one_at_a_time(self):
        """The refusal names the one there is."""
        assert refusal_of(subscribe, Subscription("analytics", BUYER), given()) == (
            CommandRefused,
            f"Customer {BUYER} has agreement agmt-1 to product analytics, which is active; with "
            "the legacy integration a customer has one at a time.",
        )

    def test_again_after_the_end(self):
        """The customer keeps its identifier, and nobody is told that the final hour is over."""
        before = cancel("agmt-1", given()).agreements[0]
        judged = Given(market(agreements=(before,)), AgreementChoices(), NOW, Names(counted()))
        change = subscribe(Subscription("prod-analytics0001", BUYER), judged)
        assert (change.agreements[0].customer_identifier, change.withdrawn_events) == (
            "cust-1",
            (("agmt-1", "unsubscribe-success"),),
        )


SOLD = "Product contract is sold as saas-contract"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Subscription("tulips", BUYER), "There is no product with the code or id 'tulips'."),
        (
            Subscription("vault", STRANGER),
            f"There is no account '{STRANGER}' that could subscribe.",
        ),
        (
            Subscription("vault", SELLER),
            f"Account {SELLER} sells product vault; a seller cannot buy its own product.",
        ),
        (
            Subscription("contract", BUYER, entitlements=SEATS),
            f"{SOLD}: an agreement to it has an end.",
        ),
        (
            Subscription("contract", BUYER, ends=ENDS),
            "An agreement to product contract grants something: seats.",
        ),
        (
            Subscription("contract", BUYER, ends=ENDS, entitlements=(Entitlement("gb", 1),)),
            "Product contract grants no 'gb', only seats.",
        ),
        (
            Subscription("contract", BUYER, ends=NOW, entitlements=SEATS),
            "An agreement cannot end at 2026-05-14T10:20:30Z: its end comes after "
            "2026-05-14T10:20:30Z and before the year 9999.",
        ),
        (
            Subscription("contract", BUYER, ends=253370764800000000, entitlements=SEATS),
            "An agreement cannot end at 9999-01-01T00:00:00Z: its end comes after "
            "2026-05-14T10:20:30Z and before the year 9999.",
        ),
        (
            Subscription("vault", BUYER, entitlements=SEATS),
            "Product vault is sold as saas-subscription: it is paid as it is used, and nothing is "
            "granted in advance.",
        ),
        (
            Subscription("vault", BUYER, ends=ENDS),
            "Product vault is sold as saas-subscription: an agreement by a public offer has no "
            "end; one by a private offer or a free trial may have one.",
        ),
    ],
)
def test_terms_that_nobody_can_agree_to(asked, why):
    """The refusal says what would fit."""
    assert refusal_of(subscribe, asked, given()) == (TermsRefused, why)


@pytest.mark.parametrize("offer", [OfferKind.PRIVATE, OfferKind.FREE_TRIAL])
def test_a_subscription_until_a_certain_end(offer):
    """A private offer or a free trial may have one."""
    [agreed] = subscribe(Subscription("vault", BUYER, offer, ENDS), given()).agreements
    assert (agreed.ends, agreed.life.offer) == (ENDS, offer)

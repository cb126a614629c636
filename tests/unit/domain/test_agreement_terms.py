"""A buyer accepts an offer: what it then has, and what it cannot agree to."""

import json

import pytest
from msgspec.structs import replace

from agreed import AGREED, ENDS, SEATS, counted, given
from builders import BUYER, NOW, OTHER_BUYER, SELLER, STRANGER, agreement, market, refusal_of
from waag.domain.agreement_events import AgreementChoices
from waag.domain.agreement_names import Names
from waag.domain.agreement_states import CommandRefused, Given
from waag.domain.agreement_terms import TermsRefused
from waag.domain.agreements import Subscription, cancel, subscribe
from waag.domain.instants import DAY, HOUR, SECOND
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
            (("agmt-1", "unsubscribe-success", NOW),),
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


class TestBeginningLater:
    """A buyer accepts an offer of which the start is to come."""

    LATER = Subscription("contract", BUYER, OfferKind.PRIVATE, NOW + 99 * DAY, SEATS, NOW + DAY)

    def test_it_was_accepted_now_and_starts_then(self):
        """Until then it takes no usage."""
        [agreed] = subscribe(self.LATER, given()).agreements
        assert (agreed.life.accepted, agreed.starts) == (NOW, NOW + DAY)
        assert (agreed.takes_usage(NOW + DAY - 1), agreed.takes_usage(NOW + DAY)) == (False, True)

    def test_its_license_is_told_of_from_the_start_on(self):
        """That it was agreed to is told at once, and of its end when that comes near."""
        events = subscribe(self.LATER, given()).events
        assert [(each.name, each.due - NOW) for each in events] == [
            ("Purchase Agreement Created - Proposer", 11 * SECOND),
            ("License Updated - Manufacturer", DAY + 61 * SECOND),
            *(("Purchase Agreement Ending - Proposer", days * DAY) for days in (9, 39, 69)),
        ]

    def test_an_end_before_the_start(self):
        """Is no end."""
        asked = replace(self.LATER, ends=NOW + DAY)
        assert refusal_of(subscribe, asked, given()) == (
            TermsRefused,
            "An agreement cannot end at 2026-05-15T10:20:30Z: its end comes after "
            "2026-05-15T10:20:30Z and before the year 9999.",
        )

    def test_a_start_in_the_past(self):
        """Agreements begin now or later."""
        assert refusal_of(subscribe, replace(self.LATER, starts=NOW - 1), given()) == (
            TermsRefused,
            "An agreement cannot begin at 2026-05-14T10:20:29.999999Z: it begins at "
            "2026-05-14T10:20:30Z or later, and before the year 9999.",
        )

    def test_beside_another_with_the_legacy_integration(self):
        """One that is to begin is one that the buyer has."""
        [later] = subscribe(
            Subscription("forms", OTHER_BUYER, starts=NOW + DAY), given()
        ).agreements
        refused = refusal_of(subscribe, Subscription("forms", OTHER_BUYER), given(later))
        assert refused is not None
        assert refused[0] is CommandRefused


class TestFailing:
    """A buyer's subscription fails."""

    FAILING = Subscription("forms", OTHER_BUYER, OfferKind.FREE_TRIAL, fails=True)

    def test_it_takes_no_usage(self):
        """And is in nobody's way."""
        [failed] = subscribe(self.FAILING, given()).agreements
        again = subscribe(replace(self.FAILING, fails=False), given(failed))
        assert (failed.life.status.value, failed.takes_usage(NOW)) == ("failed", False)
        assert again.agreements[0].life.status is AgreementStatus.ACTIVE

    def test_sns_alone_tells_of_it(self):
        """With the offer, as of a success."""
        [event] = subscribe(self.FAILING, given()).events
        assert json.loads(event.content) == {
            "action": "subscribe-fail",
            "customer-identifier": "30000000000",
            "product-code": "forms",
            "offer-identifier": "offer-1000000000000",
            "isFreeTrialTermPresent": "true",
        }

    def test_where_nobody_would_hear_of_it(self):
        """It is refused."""
        asked = Subscription("contract", BUYER, ends=NOW + DAY, entitlements=SEATS, fails=True)
        assert refusal_of(subscribe, asked, given()) == (
            TermsRefused,
            "A subscription to product contract cannot fail: sellers hear of that by the SNS "
            "message subscribe-fail alone, which tells of products with the legacy integration.",
        )

"""Which look-ups a change alters."""

import msgspec
import pytest

from builders import (
    ACCOUNTS,
    BUYER,
    LICENSE,
    PRODUCTS,
    SELLER,
    account_definition,
    agreement,
    buyer_definition,
    granted,
    market,
    principal_definition,
)
from waag.domain.analytics.enrollments import Enrollment
from waag.domain.market import Deal, Market
from waag.domain.market_changes import MarketChange, changes_to
from waag.domain.market_definition import MarketDefinition
from waag.domain.market_look_ups import LOOK_UPS_MAX, AlteredLookUps, LookUp, altered_by


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(MarketChange(), (), id="nothing"),
        pytest.param(
            MarketChange((ACCOUNTS[0],)),
            ((LookUp.ACCOUNT, SELLER), (LookUp.PRINCIPAL, "AKIAWAAGTESTSELLER01")),
            id="an account with somebody who signs for it",
        ),
        pytest.param(
            MarketChange(withdrawn_access_keys=("AKIAWAAGTESTFORMER01",)),
            ((LookUp.PRINCIPAL, "AKIAWAAGTESTFORMER01"),),
            id="a credential withdrawn",
        ),
        pytest.param(
            MarketChange(products=PRODUCTS[1:2]),
            ((LookUp.PRODUCT, "prod-vault00000001"), (LookUp.PRODUCT_BY_CODE, "vault")),
            id="a product",
        ),
        pytest.param(
            MarketChange(agreements=(agreement(),)),
            (
                (LookUp.AGREEMENT, "agmt-1"),
                (LookUp.AGREEMENTS_OF, ("prod-analytics0001", BUYER)),
                (LookUp.AGREEMENTS_OF_CUSTOMER, ("prod-analytics0001", "cust-1")),
                (LookUp.AGREEMENTS_BY_IDENTIFIER, "cust-1"),
            ),
            id="an agreement by customer identifier",
        ),
        pytest.param(
            MarketChange(agreements=(granted(3, "prod-vault00000001", LICENSE),)),
            (
                (LookUp.AGREEMENT, "agmt-3"),
                (LookUp.AGREEMENTS_OF, ("prod-vault00000001", BUYER)),
                (LookUp.AGREEMENT_BY_LICENSE_ARN, LICENSE),
            ),
            id="an agreement by license",
        ),
        pytest.param(
            MarketChange(deals=(Deal("OFFER", "O1", "Renewal", SELLER, BUYER),)),
            ((LookUp.DEAL, ("OFFER", "O1")),),
            id="a deal",
        ),
        pytest.param(
            MarketChange(enrollments=(Enrollment(SELLER, "role", "bucket", "topic"),)),
            ((LookUp.ENROLLMENT, SELLER),),
            id="an enrollment",
        ),
    ],
)
def test_what_a_change_alters(change, expected):
    """Every look-up that finds a changed entry, or that a new one is found by from now on."""
    assert altered_by(change) == AlteredLookUps(expected)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ((), ("AKIAWAAGTESTSELLER01",)),
        ((principal_definition(),), ()),
        ((principal_definition(access_key_id="AKIAWAAGTESTSELLER02"),), ("AKIAWAAGTESTSELLER01",)),
    ],
    ids=["left out", "kept", "replaced"],
)
def test_a_change_says_which_credentials_it_withdraws(listed, expected):
    """Those that an account had, and that the definition does not list."""
    definition = MarketDefinition(accounts=(account_definition(principals=listed),))
    assert changes_to(market(), definition).withdrawn_access_keys == expected


def test_an_account_that_is_not_named_keeps_its_credentials():
    """Nothing is withdrawn from accounts that a definition leaves alone."""
    definition = MarketDefinition(accounts=(buyer_definition(name="Renamed"),))
    assert changes_to(market(), definition).withdrawn_access_keys == ()


def enrollments(count):
    """A change of so many look-ups."""
    return MarketChange(
        enrollments=tuple(Enrollment(f"{number:012}", "", "", "") for number in range(count))
    )


@pytest.mark.parametrize(
    ("count", "expected"),
    [(LOOK_UPS_MAX, LOOK_UPS_MAX), (LOOK_UPS_MAX + 1, None)],
    ids=["as many as are named", "one more"],
)
def test_a_large_change_alters_everything(count, expected):
    """Beyond a limit nothing is named: everything counts as altered."""
    look_ups = altered_by(enrollments(count)).look_ups
    assert (look_ups if look_ups is None else len(look_ups)) == expected


@pytest.mark.parametrize(
    "altered",
    [
        AlteredLookUps(None),
        AlteredLookUps(()),
        altered_by(MarketChange((ACCOUNTS[0],), PRODUCTS, (agreement(),))),
    ],
    ids=["everything", "nothing", "some"],
)
def test_what_is_altered_can_be_sent(altered):
    """It is the same once encoded and decoded."""
    sent = msgspec.msgpack.encode(altered)
    assert msgspec.msgpack.decode(sent, type=AlteredLookUps) == altered


def test_every_look_up_has_a_name():
    """Each method of a market but the one that is never remembered is named."""
    methods = {name for name in vars(Market) if not name.startswith("_")}
    assert {each.value for each in LookUp} == methods - {"numbers_taken"}

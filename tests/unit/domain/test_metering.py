"""Whose agreement a record falls under, what is kept of it, and the verdict on each."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    BUYER,
    LICENSE,
    NOW,
    OTHER_BUYER,
    STRANGER,
    agreement,
    allocation,
    at,
    circumstances,
    granted,
    licensed,
    market,
    record,
    row,
)
from waag.domain.instants import HOUR
from waag.domain.market import Agreement
from waag.domain.metering import (
    Allocation,
    IdenticalResend,
    MeteringChoices,
    RecordResult,
    Standing,
    UsageRow,
    Verdict,
    find_agreements,
    judge,
    to_rows,
)
from waag.domain.quantities import from_decimal, to_decimal

SUCCESS, DUPLICATE = Verdict.SUCCESS, Verdict.DUPLICATE_RECORD
RESEND_IS_DUPLICATE = MeteringChoices(identical_resend=IdenticalResend.DUPLICATE_RECORD)
NINE, TEN, ELEVEN = (at(f"2026-05-14T{hour}:00:00") for hour in ("09", "10", "11"))


def outcome(submitted, product="prod-analytics0001", **given) -> str:
    """The agreement's id, or the sentence why its customer is not subscribed."""
    judged = circumstances(**given)
    found = find_agreements([submitted], judged.market.products[product], judged)[0]
    if isinstance(found, Agreement):
        return found.id
    assert (found.verdict, found.record_id) == (Verdict.CUSTOMER_NOT_SUBSCRIBED, None)
    return found.why


@pytest.mark.parametrize(
    ("submitted", "product", "expected"),
    [
        (record(customer_identifier="cust-1"), "prod-analytics0001", "agmt-1"),
        (record(customer_identifier="cust-2"), "prod-analytics0001", "agmt-2"),
        (record(customer_aws_account_id=BUYER), "prod-analytics0001", "agmt-1"),
        (record(customer_aws_account_id=OTHER_BUYER), "prod-analytics0001", "agmt-2"),
        (licensed(), "prod-vault00000001", "agmt-3"),
        (record(customer_aws_account_id=BUYER), "prod-vault00000001", "agmt-3"),
        (
            record(customer_identifier="forms-cust-1"),
            "prod-analytics0001",
            "Customer forms-cust-1 has no agreement to product analytics.",
        ),
        (
            record(customer_aws_account_id=STRANGER),
            "prod-analytics0001",
            "Customer 999999999999 has no agreement to product analytics.",
        ),
        (
            licensed(license_arn="arn:unknown"),
            "prod-vault00000001",
            "Customer 210000000001 has no agreement to product vault.",
        ),
    ],
)
def test_whose_agreement(submitted, product, expected):
    """By the license, else by the customer identifier, else by the account; of this product."""
    assert outcome(submitted, product) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (
            NINE - 1,
            "Agreement agmt-1 starts only at 2026-05-14T09:00:00Z.",
        ),
        (NINE, "agmt-1"),
        (TEN - 1, "agmt-1"),
        (TEN, "agmt-1"),
        (TEN + HOUR - 1, "agmt-1"),
        (
            TEN + HOUR,
            "Agreement agmt-1 ended at 2026-05-14T10:00:00Z; final records are taken for one hour.",
        ),
    ],
)
def test_an_agreement_over_time(now, expected):
    """Taken from its start until one hour after its end, judged by when the record is sent."""
    agreed = agreement(starts=NINE, ends=TEN)
    sent = record(timestamp=NINE)
    assert outcome(sent, now=now, market=market(agreements=[agreed])) == expected


FORMER = agreement(number=8, id="agmt-former", starts=at("2026-01-01T00:00:00"), ends=TEN)
NEXT = agreement(number=9, id="agmt-next", starts=at("2026-05-14T10:15:00"), ends=ELEVEN)
AFTER_A_GAP = agreement(number=10, id="agmt-gap", starts=at("2026-05-14T12:00:00"))


@pytest.mark.parametrize("order", [1, -1], ids=["first to last", "last to first"])
@pytest.mark.parametrize(
    ("now", "timestamp", "expected"),
    [
        ("09:59:59", "09:30:00", "agmt-former"),
        ("10:10:00", "09:30:00", "agmt-former"),
        ("10:20:00", "09:30:00", "agmt-former"),
        ("10:20:00", "10:16:00", "agmt-next"),
        ("11:00:00", "09:30:00", "agmt-next"),
        ("11:30:00", "10:30:00", "agmt-next"),
        ("12:30:00", "10:30:00", "agmt-gap"),
    ],
)
def test_several_agreements_of_one_customer_over_time(now, timestamp, expected, order):
    """Usage falls under the agreement of its own time, among those that still take records."""
    several = market(agreements=[FORMER, NEXT, AFTER_A_GAP][::order])
    sent = record(timestamp=at(f"2026-05-14T{timestamp}"))
    assert outcome(sent, now=at(f"2026-05-14T{now}"), market=several) == expected


@pytest.mark.parametrize(
    ("agreements", "expected"),
    [
        (
            [FORMER, agreement(number=9, id="agmt-ahead", starts=at("2026-06-01T00:00:00"))],
            "Agreement agmt-ahead starts only at 2026-06-01T00:00:00Z.",
        ),
        (
            [NEXT, FORMER],
            "Agreement agmt-next ended at 2026-05-14T11:00:00Z; final records are taken for one "
            "hour.",
        ),
    ],
    ids=["the next one is ahead", "both ended"],
)
def test_why_none_of_several_agreements_takes_usage(agreements, expected):
    """The sentence speaks of the agreement that starts last."""
    now = at("2026-05-14T13:00:00")
    assert outcome(record(), now=now, market=market(agreements=agreements)) == expected


def test_a_license_does_not_stand_in_for_another():
    """A record by an ended license is not billed under the customer's other license."""
    ended = granted(8, "prod-vault00000001", "arn:ended", ends=NINE)
    sent = licensed(license_arn="arn:ended")
    assert outcome(sent, "prod-vault00000001", market=market(ended), now=TEN) == (
        "Agreement agmt-8 ended at 2026-05-14T09:00:00Z; final records are taken for one hour."
    )


def rows(submitted, *agreements, product="prod-analytics0001"):
    """The rows of records that fall under agreements."""
    judged = circumstances(region="eu-west-1")
    ids = iter([b"1" * 16, b"2" * 16])
    return to_rows(submitted, agreements, judged.market.products[product], judged, ids)


def test_what_is_kept_of_a_record():
    """Short numbers, the hour it falls in, the Region called, and when it came."""
    sent = record(dimension="gb", quantity="1.5", timestamp=NOW - HOUR)
    assert rows([sent], agreement()) == [
        UsageRow(
            product=1,
            hour=at("2026-05-14T09:00:00") // HOUR,
            region="eu-west-1",
            customer=3,
            license=0,
            dimension=2,
            resource="",
            quantity=1_500_000,
            timestamp=NOW - HOUR,
            agreement=1,
            record_id=b"1" * 16,
            received_at=NOW,
            allocations=None,
        )
    ]


def test_a_record_before_the_epoch_falls_in_the_hour_that_holds_it():
    """Hours are counted downwards too."""
    [kept] = rows([record(timestamp=-1)], agreement())
    assert kept.hour == -1


def test_a_license_is_part_of_the_key():
    """A record by LicenseArn is kept under its agreement's number."""
    [kept] = rows([licensed()], granted(3, "prod-vault00000001", LICENSE))
    assert (kept.license, kept.agreement) == (3, 3)


def test_allocations_are_kept_as_json():
    """Allocations read back as they were sent, quantities in micro-units."""
    sent = (allocation("2", team="red"), allocation("3"))
    [kept] = rows([record(allocations=sent)], agreement())
    assert msgspec.json.decode(kept.allocations or b"", type=tuple[Allocation, ...]) == sent


def test_a_customer_not_subscribed_has_no_row():
    """Rows and ids are only for records that are to be recorded, in order."""
    refused = RecordResult(Verdict.CUSTOMER_NOT_SUBSCRIBED, None)
    kept = rows([record(), record(), record(dimension="gb")], agreement(), refused, agreement())
    assert [(each.dimension, each.record_id) for each in kept] == [(1, b"1" * 16), (2, b"2" * 16)]


@pytest.mark.parametrize(
    ("quantity", "standing", "choices", "expected"),
    [
        ("17", None, MeteringChoices(), RecordResult(SUCCESS, b"r" * 16)),
        (
            "17",
            "17.00",
            MeteringChoices(),
            RecordResult(SUCCESS, b"s" * 16, "The same record was sent before."),
        ),
        (
            "17",
            "17.00",
            RESEND_IS_DUPLICATE,
            RecordResult(DUPLICATE, None, "The same record was sent before."),
        ),
        (
            "17.000001",
            "17",
            MeteringChoices(),
            RecordResult(
                DUPLICATE,
                None,
                "17 is already recorded for this customer, dimension and hour; 17.000001 was sent.",
            ),
        ),
        (
            "5",
            "0",
            RESEND_IS_DUPLICATE,
            RecordResult(
                DUPLICATE,
                None,
                "0 is already recorded for this customer, dimension and hour; 5 was sent.",
            ),
        ),
    ],
    ids=[
        "new",
        "the same value",
        "the same value, by choice a duplicate",
        "another value",
        "the first was a heartbeat",
    ],
)
def test_the_verdict_on_a_record(quantity, standing, choices, expected):
    """Decided by what stood under the key: nothing, the same value, or another."""
    stood = None if standing is None else Standing(b"s" * 16, from_decimal(standing))
    assert judge(row(quantity=from_decimal(quantity)), stood, choices) == expected


@given(st.lists(st.integers(0, 3).map(lambda half: half * 500_000), min_size=1))
def test_the_first_quantity_under_a_key_decides_on_all_later_ones(quantities):
    """Only the first is kept; each later one is judged by whether its value is the same."""
    kept: dict[tuple[object, ...], UsageRow] = {}
    verdicts: list[tuple[Verdict, bytes | None]] = []
    for place, quantity in enumerate(quantities):
        sent = row(quantity=quantity, record_id=place.to_bytes(16))
        stands = kept.setdefault(sent.key, sent)
        standing = None if stands is sent else Standing(stands.record_id, stands.quantity)
        result = judge(sent, standing, MeteringChoices())
        verdicts.append((result.verdict, result.record_id))
    first = to_decimal(quantities[0])
    assert verdicts == [
        (SUCCESS, bytes(16)) if to_decimal(quantity) == first else (DUPLICATE, None)
        for quantity in quantities
    ]

"""BatchMeterUsage over a ledger: a verdict for each record, in order, and what is kept."""

import asyncio
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    LICENSE,
    NOW,
    OTHER_BUYER,
    OTHER_BUYERS_LICENSE,
    OTHER_SELLER,
    SELLER,
    FakeLedger,
    agreement,
    at,
    batch,
    by_license,
    licensed,
    market,
    record,
    refusal_of,
)
from waag.domain.instants import HOUR, MINUTE
from waag.domain.market import FINAL_WINDOW
from waag.domain.metering import (
    IdenticalResend,
    MeteringChoices,
    ProductCodeWithLicense,
    UnknownCustomer,
    Verdict,
)
from waag.domain.quantities import from_decimal
from waag.domain.refusals import StoreUnavailable, TimestampOutOfBounds
from waag.ports import Caller
from waag.services.metering import batch_meter_usage

SUCCESS, DUPLICATE, NOT_SUBSCRIBED = (
    Verdict.SUCCESS,
    Verdict.DUPLICATE_RECORD,
    Verdict.CUSTOMER_NOT_SUBSCRIBED,
)
NOT_A_CUSTOMER = record(customer_aws_account_id=OTHER_SELLER)


class Metering:
    """A seller that meters on a ledger of its own; random bytes are counted up."""

    def __init__(self, **choices) -> None:
        self.ledger = FakeLedger()
        self.market = market()
        self.choices = MeteringChoices(**choices)
        self._random = count(1)

    def send(self, submitted, *, region="us-east-1", now=NOW, seller=SELLER):
        """The results of a batch."""
        return asyncio.run(self._send(submitted, Caller(seller, "arn:caller", region), now))

    def verdicts(self, *records, **given):
        """The verdicts on records of one batch."""
        return [result.verdict for result in self.send(batch(*records), **given)]

    async def _send(self, submitted, caller, now):
        pending = batch_meter_usage(
            submitted,
            caller,
            market=self.market,
            choices=self.choices,
            now=now,
            random_bytes=self._random_bytes,
            ledger=self.ledger,
        )
        standings = {} if pending.standings is None else await pending.standings
        return list(pending.finish(standings))

    def _random_bytes(self, wanted):
        return bytes(next(self._random) % 256 for _ in range(wanted))

    @property
    def quantities(self):
        """What is kept, in the order it came."""
        return [row.quantity for row in self.ledger.rows.values()]


def test_results_are_in_request_order():
    """Each record has its own verdict, whatever its neighbours have."""
    metering = Metering()
    metering.verdicts(record(dimension="gb", quantity="7"))
    assert metering.verdicts(
        NOT_A_CUSTOMER,
        record(),
        record(dimension="gb", quantity="8"),
        record(customer_aws_account_id=OTHER_BUYER),
        NOT_A_CUSTOMER,
        record(dimension="gb", quantity="7"),
    ) == [NOT_SUBSCRIBED, SUCCESS, DUPLICATE, SUCCESS, NOT_SUBSCRIBED, SUCCESS]


def test_only_what_is_recorded_has_an_id():
    """A record that was not recorded has no MeteringRecordId."""
    metering = Metering()
    results = metering.send(batch(record(), record(quantity="6"), NOT_A_CUSTOMER))
    assert [result.record_id is not None for result in results] == [True, False, False]


def test_ids_are_version_4_uuids_of_the_random_bytes():
    """Only the version and the variant are set; every other bit is random."""
    ids = [
        UUID(bytes=result.record_id or b"")
        for result in Metering().send(batch(record(), record(dimension="gb")))
    ]
    assert [str(each) for each in ids] == [
        "01020304-0506-4708-890a-0b0c0d0e0f10",
        "11121314-1516-4718-991a-1b1c1d1e1f20",
    ]


@pytest.mark.parametrize(
    ("octet", "expected"),
    [
        (0x00, "00000000-0000-4000-8000-000000000000"),
        (0xFF, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
    ],
)
def test_every_bit_of_an_id(octet, expected):
    """Version and variant are what RFC 9562 says, whatever the random bytes."""
    metering = Metering()
    metering._random = iter([octet] * 16)
    [result] = metering.send(batch(record()))
    assert str(UUID(bytes=result.record_id)) == expected


def test_the_same_key_twice_in_one_batch():
    """The first stands; the second is judged against it."""
    metering = Metering()
    sent = [record(quantity="5"), record(quantity="6"), record(quantity="5.0")]
    assert metering.verdicts(*sent) == [SUCCESS, DUPLICATE, SUCCESS]


def test_of_the_same_key_twice_one_is_kept():
    """Records of one key are not added up."""
    metering = Metering()
    metering.verdicts(record(quantity="5"), record(quantity="6"))
    assert metering.quantities == [5_000_000]


def test_a_subset_sent_again_has_the_same_ids():
    """A client may repeat some records of a batch, in any order and company."""
    metering = Metering()
    first = metering.send(batch(record(), record(dimension="gb")))
    again = metering.send(batch(NOT_A_CUSTOMER, record(dimension="gb")))
    assert again[1].record_id == first[1].record_id


@pytest.mark.parametrize(
    ("timestamp", "verdict"),
    [
        ("2026-05-14T10:00:00", DUPLICATE),
        ("2026-05-14T10:20:30", DUPLICATE),
        ("2026-05-14T09:59:59.999999", SUCCESS),
    ],
)
def test_a_key_holds_for_an_hour(timestamp, verdict):
    """Any two instants of one hour are one key, of two hours two."""
    metering = Metering()
    metering.verdicts(record(timestamp=NOW - MINUTE))
    assert metering.verdicts(record(timestamp=at(timestamp), quantity="6")) == [verdict]


def test_a_resend_may_be_a_duplicate_by_choice():
    """An identical record is a duplicate where that is chosen."""
    metering = Metering(identical_resend=IdenticalResend.DUPLICATE_RECORD)
    assert metering.verdicts(record(), record()) == [SUCCESS, DUPLICATE]


def test_zero_holds_the_hour():
    """A heartbeat of zero is a record like any other."""
    metering = Metering()
    assert metering.verdicts(record(quantity="0"), record(quantity="5")) == [SUCCESS, DUPLICATE]


def test_each_region_has_its_own_keys():
    """The same record sent to two Regions is recorded twice."""
    metering = Metering()
    metering.verdicts(record(quantity="5"))
    assert metering.verdicts(record(quantity="6"), region="eu-west-1") == [SUCCESS]


def test_both_identifiers_of_a_customer_are_one_key():
    """A customer identifier and its account are the same customer."""
    metering = Metering()
    sent = [record(customer_identifier="cust-1"), record(quantity="6")]
    assert metering.verdicts(*sent) == [SUCCESS, DUPLICATE]


@pytest.mark.parametrize("submitted", [[licensed()], [licensed(), licensed()]], ids=["one", "two"])
def test_code_and_license_do_not_collide(submitted):
    """A record by ProductCode and one by LicenseArn of the same hour are both recorded."""
    metering = Metering(product_code_with_license=ProductCodeWithLicense.ACCEPT)
    by_code = record(quantity="9")
    metering.send(batch(by_code, product_code="vault"))
    results = metering.send(by_license(*submitted))
    assert [result.verdict for result in results] == [SUCCESS] * len(submitted)
    assert metering.quantities == [9_000_000, 5_000_000]


def test_two_licenses_do_not_collide():
    """Each license has keys of its own, and so has each customer."""
    metering = Metering()
    other = licensed(
        license_arn=OTHER_BUYERS_LICENSE, customer_aws_account_id=OTHER_BUYER, quantity="6"
    )
    results = metering.send(by_license(licensed(license_arn=LICENSE), other))
    assert [result.verdict for result in results] == [SUCCESS, SUCCESS]


@pytest.mark.parametrize("code", [None, "", "analytics"])
def test_an_empty_batch_has_no_results(code):
    """Nothing is appended and nothing waited for."""
    metering = Metering()
    assert (metering.send(batch(product_code=code)), metering.ledger.rows) == ([], {})


def test_a_batch_without_subscribers_does_not_wait_for_the_ledger():
    """Where there is nothing to insert the ledger is not asked; it is told what was refused."""
    metering = Metering()
    metering.ledger.append = None
    assert metering.verdicts(NOT_A_CUSTOMER) == [NOT_SUBSCRIBED]
    assert [each.customer for each in metering.ledger.refused] == [
        NOT_A_CUSTOMER.customer_aws_account_id
    ]


@pytest.mark.parametrize("at_fault", [0, 1, 24])
def test_a_refused_batch_appends_nothing(at_fault):
    """One bad record among 25 and nothing is recorded."""
    metering = Metering()
    records = [record(timestamp=NOW - hour * HOUR % (23 * HOUR)) for hour in range(25)]
    records[at_fault] = record(timestamp=NOW - 24 * HOUR)
    refused = refusal_of(metering.send, batch(*records))
    assert refused is not None
    assert (refused[0], metering.ledger.rows) == (TimestampOutOfBounds, {})


def test_a_ledger_that_cannot_write_is_told():
    """The refusal of the store comes from what is waited for."""

    class FullLedger:
        async def append(self, _rows):
            raise StoreUnavailable("The disk is full.")

    metering = Metering()
    metering.ledger = FullLedger()
    refused = refusal_of(metering.send, batch(record()))
    assert refused == (StoreUnavailable, "The disk is full.")


@pytest.mark.parametrize(
    ("after_the_end", "verdict"), [(FINAL_WINDOW - 1, SUCCESS), (FINAL_WINDOW, NOT_SUBSCRIBED)]
)
def test_final_records(after_the_end, verdict):
    """For one hour after its end an agreement takes usage, judged by when it is sent."""
    metering = Metering()
    ends = NOW - after_the_end
    metering.market = market(agreements=[agreement(ends=ends)])
    assert metering.verdicts(record(timestamp=ends - 1)) == [verdict]


def test_why_a_record_was_not_recorded():
    """The operator is told why each record was not recorded."""
    metering = Metering(unknown_customer=UnknownCustomer.STATUS)
    results = metering.send(batch(record(), record(quantity="6"), record(customer_identifier="x")))
    assert [result.why for result in results] == [
        "",
        "5 is already recorded for this customer, dimension and hour; 6 was sent.",
        "Customer x has no agreement to product analytics.",
    ]


QUANTITIES = st.lists(
    st.sampled_from(["0", "0.0", "5", "5.0", "5.000000", "5.000001", "6"]), min_size=1, max_size=8
)


@settings(deadline=None)
@given(QUANTITIES, st.integers(1, 8))
def test_exactly_the_first_quantity_of_a_key_is_kept(quantities, together):
    """However records of one key are spread over batches, the first decides, by value."""
    metering = Metering()
    sent = [record(quantity=quantity, is_decimal=True) for quantity in quantities]
    verdicts = [
        verdict
        for start in range(0, len(sent), together)
        for verdict in metering.verdicts(*sent[start : start + together])
    ]
    first = from_decimal(quantities[0])
    assert metering.quantities == [first]
    assert verdicts == [
        SUCCESS if from_decimal(quantity) == first else DUPLICATE for quantity in quantities
    ]

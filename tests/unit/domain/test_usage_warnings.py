import pytest

from builders import at
from waag.domain.instants import DAY, HOUR, MINUTE
from waag.domain.usage import RecordedUsage
from waag.domain.usage_warnings import IDS_SHOWN, WarningKind, find_warnings

NOON = at("2026-05-14T12:00:00")
MIDNIGHT = NOON - 12 * HOUR
LICENSE = "arn:license"
WRONG_ZONE = 5 * HOUR


def record(record_id="a", **given):
    """Five users at noon, received at half past by ProductCode; parts of the key by their names."""
    timestamp = given.get("timestamp", NOON)
    license_arn = given.get("license_arn")
    key = (
        given.pop("product", 1),
        timestamp // HOUR,
        given.get("region", "us-east-1"),
        given.pop("customer", 3),
        0 if license_arn is None else 1,
        given.pop("dimension_number", 1),
        given.pop("resource", ""),
    )
    usual = {
        "key": key,
        "id": record_id,
        "product_code": "analytics",
        "agreement": "agmt-1",
        "customer_aws_account_id": "210000000001",
        "customer_identifier": None,
        "license_arn": None,
        "dimension": "users",
        "timestamp": timestamp,
        "quantity": 5_000_000,
        "region": "us-east-1",
        "received_at": timestamp + 30 * MINUTE,
        "allocations": (),
    }
    return RecordedUsage(**(usual | given))


def found(*records, starts=0):
    """Which kinds are found about which records, all put in key order."""
    ordered = sorted(records, key=lambda each: each.key)
    return [(each.kind, "".join(each.records)) for each in find_warnings(ordered, lambda _: starts)]


def reported(count, lag, *, first=MIDNIGHT, minute=20, **given):
    """A record for each of so many hours, received so much later than its timestamp."""
    timestamps = [first + hour * HOUR + minute * MINUTE for hour in range(count)]
    return [
        record("abcdefghijklmnopqrstuvwxyz"[index], timestamp=each, received_at=each + lag, **given)
        for index, each in enumerate(timestamps)
    ]


class TestDoubleBilling:
    """By ProductCode and by LicenseArn."""

    def test_both_keys_for_one_hour_are_told(self):
        """Both records are named."""
        assert found(record("a"), record("b", license_arn=LICENSE)) == [
            (WarningKind.DOUBLE_BILLING, "ab")
        ]

    @pytest.mark.parametrize(
        "other",
        [
            {"timestamp": NOON + HOUR},
            {"customer": 4},
            {"product": 2},
            {"dimension_number": 2},
            {"resource": "i-1"},
            {"quantity": 0},
        ],
    )
    def test_other_usage_is_not(self, other):
        """Of another hour, customer, product, dimension or resource; or none at all."""
        assert found(record("a"), record("b", license_arn=LICENSE, **other)) == []

    def test_the_sentence(self):
        """What was found, with the hour."""
        [warning] = find_warnings([record(), record(license_arn=LICENSE)], lambda _: 0)
        assert warning.what == (
            "Usage of users in the hour 2026-05-14T12:00:00Z was recorded by ProductCode and by "
            "LicenseArn."
        )


class TestTwoRegions:
    """The same usage in two Regions."""

    def test_the_same_usage_in_two_regions_is_told(self):
        """Both records are named."""
        assert found(record("a", region="eu-west-1"), record("b")) == [
            (WarningKind.TWO_REGIONS, "ab")
        ]

    @pytest.mark.parametrize(
        "other",
        [
            {"timestamp": NOON + HOUR},
            {"customer": 4},
            {"product": 2},
            {"dimension_number": 2},
            {"resource": "i-1"},
            {"quantity": 0},
        ],
    )
    def test_other_usage_is_not(self, other):
        """Of another hour, customer, product, dimension or resource; or none at all."""
        assert found(record("a"), record("b", region="eu-west-1", **other)) == []

    def test_the_sentence(self):
        """What was found, with the hour."""
        records = [record(region="eu-west-1"), record()]
        [warning] = find_warnings(records, lambda _: 0)
        assert warning.what == (
            "Usage of users in the hour 2026-05-14T12:00:00Z was recorded in eu-west-1 and "
            "us-east-1."
        )


class TestEarlyZero:
    """Zeros that block an hour."""

    @pytest.mark.parametrize("received_at", [NOON, NOON + 29 * MINUTE])
    def test_a_zero_in_the_first_half_of_the_hour_is_told(self, received_at):
        """Whatever is used later in the hour is refused."""
        assert found(record(quantity=0, received_at=received_at)) == [(WarningKind.EARLY_ZERO, "a")]

    @pytest.mark.parametrize(
        "other",
        [
            {"quantity": 0, "received_at": NOON + 30 * MINUTE},
            {"quantity": 0, "received_at": NOON + HOUR + 10 * MINUTE},
            {"quantity": 1, "received_at": NOON},
        ],
    )
    def test_others_are_not(self, other):
        """A zero later on, or for an hour that is over; or usage."""
        assert found(record(**other)) == []

    def test_the_sentence(self):
        """What was found, with the hour."""
        early = record(quantity=0, received_at=NOON + 7 * MINUTE)
        [warning] = find_warnings([early], lambda _: 0)
        assert warning.what == (
            "0 of users was recorded in minute 7 of the hour 2026-05-14T12:00:00Z."
        )


class TestBeforeAgreement:
    """Usage before the buyer agreed."""

    @pytest.mark.parametrize("starts", [NOON + HOUR, NOON + DAY])
    def test_usage_of_an_hour_before_the_agreements_is_told(self, starts):
        """However little before."""
        assert found(record(), starts=starts) == [(WarningKind.BEFORE_AGREEMENT, "a")]

    @pytest.mark.parametrize("starts", [NOON - DAY, NOON, NOON + 59 * MINUTE])
    def test_usage_of_the_agreements_first_hour_is_not(self, starts):
        """Usage is billed by the hour."""
        assert found(record(), starts=starts) == []

    def test_the_sentence(self):
        """What was found, with both instants."""
        [warning] = find_warnings([record()], lambda _: NOON + HOUR)
        assert warning.what == (
            "Usage of users at 2026-05-14T12:00:00Z, but the agreement agmt-1 began at "
            "2026-05-14T13:00:00Z."
        )


class TestLocalTime:
    """Timestamps that are all off by the same whole hours."""

    @pytest.mark.parametrize(
        "records",
        [
            reported(5, WRONG_ZONE),
            reported(24, WRONG_ZONE),
            reported(5, WRONG_ZONE + 5 * MINUTE),
            reported(5, WRONG_ZONE - 5 * MINUTE),
            reported(5, 14 * HOUR),
            reported(5, -2 * HOUR),
            reported(5, HOUR),
            reported(5, 2 * HOUR, minute=0),
        ],
    )
    def test_a_day_off_by_the_same_hours_is_told(self, records):
        """The first records are named."""
        ids = "".join(each.id for each in records)[:IDS_SHOWN]
        assert found(*records) == [(WarningKind.LOCAL_TIME, ids)]

    @pytest.mark.parametrize(
        "records",
        [
            reported(4, WRONG_ZONE),
            reported(5, WRONG_ZONE)[:4] * 2,
            reported(5, WRONG_ZONE + 6 * MINUTE),
            reported(5, 0),
            reported(5, 3 * MINUTE),
            reported(5, 15 * HOUR),
            reported(5, HOUR, minute=0),
            reported(5, HOUR, minute=59),
            reported(5, 62 * MINUTE, minute=0),
            [*reported(5, WRONG_ZONE), record(timestamp=NOON)],
            [*reported(3, WRONG_ZONE), *reported(3, 6 * HOUR, first=NOON)],
            reported(8, WRONG_ZONE, first=MIDNIGHT + 20 * HOUR),
            [*reported(3, WRONG_ZONE), *reported(3, WRONG_ZONE, first=NOON, customer=4)],
            [*reported(3, WRONG_ZONE), *reported(3, WRONG_ZONE, first=NOON, product=2)],
        ],
    )
    def test_others_are_not(self, records):
        """Too few hours, another offset, the hour just ended; or of several days or customers."""
        assert found(*records) == []

    def test_each_customer_is_told_of(self):
        """And each day."""
        records = [
            *reported(5, WRONG_ZONE),
            *reported(5, WRONG_ZONE, customer=4),
            *reported(5, WRONG_ZONE, first=MIDNIGHT + DAY),
        ]
        assert found(*records) == [(WarningKind.LOCAL_TIME, "abcde")] * 3

    @pytest.mark.parametrize(("lag", "side"), [(WRONG_ZONE, "before"), (-WRONG_ZONE, "after")])
    def test_the_sentence(self, lag, side):
        """How many, on which day, by how much."""
        [warning] = find_warnings(reported(6, lag), lambda _: 0)
        assert warning.what == (
            f"All 6 records of 2026-05-14 have timestamps 5 h {side} their receipt."
        )


def test_nothing_is_read_ahead():
    """An hour's warnings are there before the next hour but one is looked at."""

    def records():
        yield record("a", quantity=0, received_at=NOON)
        yield record("b", timestamp=NOON + HOUR)
        pytest.fail("no more is wanted yet")

    assert next(find_warnings(records(), lambda _: 0)).records == ("a",)


def test_a_warning_says_whom_it_is_about():
    """The product's code and the customer's account."""
    [warning] = find_warnings([record(quantity=0)][:1], lambda _: NOON + HOUR)
    assert (warning.product_code, warning.customer_aws_account_id) == (
        "analytics",
        "210000000001",
    )

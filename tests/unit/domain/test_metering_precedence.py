"""Of several faults in a batch, which it is refused for."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    ARCHIVE_LICENSE,
    NOW,
    OTHER_SELLERS_LICENSE,
    SCANNER_LICENSE,
    STRANGER,
    UNKNOWN_LICENSE,
    allocation,
    batch,
    by_license,
    licensed,
    record,
    refused,
)
from waag.domain.instants import DAY
from waag.domain.metering import Allocation
from waag.domain.refusals import (
    AllocationsMismatch,
    ApiDisabled,
    CustomerUnknown,
    DimensionUnknown,
    LicenseMismatch,
    ProductUnknown,
    TagInvalid,
    TimestampOutOfBounds,
)

KEY_TWICE = (Allocation(5_000_000, is_decimal=False, tags=(("a", "1"), ("a", "2"))),)
LEVELS = [
    (LicenseMismatch, {"license_arn": UNKNOWN_LICENSE}),
    (DimensionUnknown, {"dimension": "nothing"}),
    (TimestampOutOfBounds, {"timestamp": NOW - DAY}),
    (AllocationsMismatch, {"allocations": (allocation("4"),)}),
    (TagInvalid, {"allocations": KEY_TWICE}),
    (CustomerUnknown, {"customer_aws_account_id": STRANGER}),
]
"""What a record can be refused for, in the order documented, and what brings it about."""


def rule(submitted, **given):
    """The class a batch is refused with."""
    found = refused(submitted, **given)
    return None if found is None else found[0]


@pytest.mark.parametrize("at_fault", [0, 1, 24])
@pytest.mark.parametrize(
    ("expected", "fault"), LEVELS, ids=[refusal.__name__ for refusal, _ in LEVELS]
)
def test_any_one_record_refuses_the_batch(expected, fault, at_fault):
    """Wherever in the batch it stands."""
    records = [record() for _ in range(25)]
    records[at_fault] = record(**fault)
    assert rule(batch(*records)) is expected


@pytest.mark.parametrize("swapped", [False, True], ids=["first in front", "first behind"])
@pytest.mark.parametrize(
    ("first", "second"),
    list(combinations(LEVELS, 2)),
    ids=[f"{a.__name__} over {b.__name__}" for (a, _), (b, _) in combinations(LEVELS, 2)],
)
def test_the_first_fault_in_the_documented_order(first, second, swapped):
    """Whichever of two records holds which fault."""
    records = [record(**first[1]), record(**second[1])]
    assert rule(batch(*records[:: -1 if swapped else 1])) is first[0]


@pytest.mark.parametrize(
    ("first", "second"),
    [(a, b) for a, b in combinations(LEVELS, 2) if not a[1].keys() & b[1].keys()],
    ids=lambda level: level[0].__name__,
)
def test_the_first_fault_of_one_record(first, second):
    """A record with two faults is refused for the same one as two records."""
    assert rule(batch(record(**(second[1] | first[1])))) is first[0]


def test_the_first_fault_of_the_allocations_of_one_record():
    """Allocations that do not add up are refused before their tags are looked at."""
    [twice] = KEY_TWICE
    assert rule(batch(record(quantity="6", allocations=(twice,)))) is AllocationsMismatch


@pytest.mark.parametrize("fault", LEVELS, ids=lambda level: level[0].__name__)
@pytest.mark.parametrize(
    ("code", "region", "expected"),
    [
        ("nothing", "us-east-1", ProductUnknown),
        ("forms", "eu-central-1", ProductUnknown),
        ("scanner", "eu-central-1", ProductUnknown),
        ("analytics", "eu-central-1", ApiDisabled),
    ],
)
def test_product_and_region_come_before_every_record(code, region, expected, fault):
    """The product first, then its Region, then what records are refused for."""
    assert rule(batch(record(**fault[1]), product_code=code), region=region) is expected


@pytest.mark.parametrize(
    ("records", "region", "expected"),
    [
        ((licensed(), licensed(license_arn=UNKNOWN_LICENSE)), "us-east-1", LicenseMismatch),
        ((licensed(), licensed(license_arn=ARCHIVE_LICENSE)), "us-east-1", LicenseMismatch),
        ((licensed(), licensed(license_arn=SCANNER_LICENSE)), "us-east-1", LicenseMismatch),
        ((licensed(), licensed(license_arn=ARCHIVE_LICENSE)), "eu-central-1", LicenseMismatch),
        ((record(), licensed(license_arn=UNKNOWN_LICENSE)), "us-east-1", ProductUnknown),
        ((record(), licensed(license_arn=ARCHIVE_LICENSE)), "eu-central-1", ProductUnknown),
        ((licensed(customer_aws_account_id=STRANGER),) * 2, "eu-central-1", ApiDisabled),
        ((licensed(license_arn=SCANNER_LICENSE),) * 2, "eu-central-1", ProductUnknown),
    ],
)
@pytest.mark.parametrize("order", [1, -1], ids=["as listed", "turned round"])
def test_without_a_product_code(records, region, expected, order):
    """First the licenses name a product, then the same order holds, whichever record is first."""
    assert rule(by_license(*records[::order]), region=region) is expected


FAULTY = [
    record(),
    *(record(**fault) for _, fault in LEVELS),
    record(license_arn=ARCHIVE_LICENSE),
    record(customer_aws_account_id=None),
]
FAULTY_BY_LICENSE = [
    licensed(),
    record(),
    *(
        licensed(license_arn=license_arn)
        for license_arn in (
            UNKNOWN_LICENSE,
            ARCHIVE_LICENSE,
            SCANNER_LICENSE,
            OTHER_SELLERS_LICENSE,
        )
    ),
    *(licensed(**fault) for _, fault in LEVELS),
    licensed(customer_aws_account_id=None),
]
REGIONS = st.sampled_from(["us-east-1", "eu-central-1"])


@st.composite
def shuffled(draw, pool):
    """Some records of a pool, and the same in another order."""
    records = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=6))
    return records, draw(st.permutations(records))


@given(shuffled(FAULTY), REGIONS)
def test_the_order_of_records_does_not_matter(records, region):
    """Any batch and the same batch shuffled are refused by the same rule, or both pass."""
    one, other = (rule(batch(*order), region=region) for order in records)
    assert one is other


@given(shuffled(FAULTY_BY_LICENSE), REGIONS)
def test_the_order_of_records_does_not_matter_by_license(records, region):
    """The same holds for batches that name their product by licenses."""
    one, other = (rule(by_license(*order), region=region) for order in records)
    assert one is other


@given(st.permutations([fault for _, fault in LEVELS]))
def test_faults_mended_in_the_documented_order_show_the_next(faults):
    """A batch with every fault is refused for each in turn as the one before is mended."""
    shown = []
    for mended in range(len(LEVELS) + 1):
        left = [fault for _, fault in LEVELS[mended:]]
        shown.append(rule(batch(record(), *(record(**each) for each in faults if each in left))))
    assert shown == [*(refusal for refusal, _ in LEVELS), None]


def test_every_choice_of_code_and_license_is_decided():
    """A product code with or without a license: each of the four has one outcome."""
    outcomes = [
        rule(batch(licensed() if with_license else record(), product_code=code))
        for code, with_license in product(["vault", None], [True, False])
    ]
    assert outcomes == [LicenseMismatch, None, None, ProductUnknown]

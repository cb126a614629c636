"""Usage of a simulation reported as sellers and workloads report it, through what judges theirs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from waag.domain.instants import DAY, HOUR, Instant
from waag.domain.market import Agreement, Integration, Market, Product
from waag.domain.metering import (
    MeteringChoices,
    RecordResult,
    SubmittedBatch,
    SubmittedRecord,
    Verdict,
)
from waag.domain.quantities import from_whole
from waag.domain.refusals import Refusal
from waag.domain.simulation.lives import Life
from waag.domain.simulation.usage import Habit, used
from waag.domain.workload_usage import SubmittedUsage
from waag.ports import Caller, Ledger, RandomBytes, Workloads
from waag.services.metering import Pending, batch_meter_usage
from waag.services.workloads import meter_usage

RECORDS_MAX = 25
"""In one call. Source: meteringmarketplace/2016-01-14, BatchMeterUsageRequest."""

_WEEK = 7
_PLATFORM = "ec2"


class UsageNotTaken(Refusal):
    """Usage of the simulation that was not recorded: somebody else has reported some for it."""

    rule = "simulation.usage"


class Metering(msgspec.Struct, frozen=True):
    """What usage is reported through."""

    market: Market
    choices: MeteringChoices
    random_bytes: RandomBytes
    ledger: Ledger
    workloads: Workloads


class Reporting:
    """Reports what was used, each hour once.

    Args:
        lives: all of them, by number.
        agreements: which one of each is in force now, by the life's number.
        metering: what it is reported through.
    """

    def __init__(
        self, lives: Sequence[Life], agreements: Mapping[int, Agreement], metering: Metering
    ) -> None:
        self._lives = lives
        self._agreements = agreements
        self._metering = metering
        self._reported = [0] * len(lives)
        self._sold_as_service = [
            number for number, each in enumerate(lives) if each.product.type.is_saas
        ]
        self._workloads = [
            number for number, each in enumerate(lives) if not each.product.type.is_saas
        ]

    async def sellers_report(self, now: Instant, numbers: Iterable[int] | None = None) -> int:
        """Sellers report all whole hours before `now` that they have not reported yet.

        Args:
            now: what the clock shows.
            numbers: of lives; None for all.

        Returns:
            How many records were taken.

        Raises:
            UsageNotTaken: not all were.
            StoreUnavailable: the ledger could not write.
        """
        together: dict[tuple[str, str], list[SubmittedRecord]] = {}
        products: dict[str, Product] = {}
        for number in self._sold_as_service if numbers is None else numbers:
            life = self._lives[number]
            if life.product.type.is_saas:
                products[life.product.id] = life.product
                of_endpoint = together.setdefault((life.product.id, life.region), [])
                of_endpoint.extend(self._records(number, now // HOUR))
        waiting = [
            self._call(products[product_id], region, records[start : start + RECORDS_MAX], now)
            for (product_id, region), records in together.items()
            for start in range(0, len(records), RECORDS_MAX)
        ]
        taken = 0
        for each in waiting:
            results = each.finish({} if each.standings is None else await each.standings)
            _check(results)
            taken += len(results)
        return taken

    def workloads_report(self, now: Instant, numbers: Iterable[int] | None = None) -> int:
        """Workloads report what they used since the last time.

        Args:
            now: what the clock shows.
            numbers: of lives; None for all whose day of the week it is.

        Returns:
            How many records were taken.
        """
        day = now // DAY
        due = [each for each in self._workloads if (each + day) % _WEEK == 0]
        taken = 0
        for number in due if numbers is None else numbers:
            life = self._lives[number]
            if not life.product.type.is_saas:
                hours = list(self._hours(number, now // HOUR))
                for habit in life.habits:
                    units = sum(each for first, end in hours for _, each in used(habit, first, end))
                    if units:
                        self._report_workload(life, habit, hours[-1][1] - 1, units, now)
                        taken += 1
        return taken

    def _hours(self, number: int, until: int) -> Iterator[tuple[int, int]]:
        """What was in use and is not reported: the first hour, and the first no longer in it."""
        since, self._reported[number] = self._reported[number], until
        for first, end in self._lives[number].windows:
            if first < until and since < end:
                yield max(first, since), min(end, until)

    def _records(self, number: int, until: int) -> Iterator[SubmittedRecord]:
        life = self._lives[number]
        hours = list(self._hours(number, until))
        if not hours:
            return
        license_arn = self._agreements[number].license_arn
        for first, end in hours:
            for habit in life.habits:
                for hour, units in used(habit, first, end):
                    yield SubmittedRecord(
                        timestamp=hour * HOUR,
                        dimension=habit.dimension,
                        quantity=from_whole(units),
                        is_decimal=False,
                        customer_identifier=None,
                        customer_aws_account_id=life.buyer.account.id,
                        license_arn=license_arn,
                    )

    def _call(
        self, product: Product, region: str, records: Sequence[SubmittedRecord], now: Instant
    ) -> Pending[Sequence[RecordResult]]:
        """One call of BatchMeterUsage; licenses name the product where it has any."""
        code = None if product.integration is Integration.CONCURRENT else product.code
        arn = f"arn:aws:iam::{product.seller_id}:user/metering"
        return batch_meter_usage(
            SubmittedBatch(code, records),
            Caller(product.seller_id, arn, region),
            market=self._metering.market,
            choices=self._metering.choices,
            now=now,
            random_bytes=self._metering.random_bytes,
            ledger=self._metering.ledger,
        )

    def _report_workload(
        self, life: Life, habit: Habit, hour: int, units: int, now: Instant
    ) -> None:
        """One call of MeterUsage, by an instance in the buyer's account."""
        account_id = life.buyer.account.id
        session = f"i-{account_id:0>17}"
        caller = Caller(
            account_id,
            f"arn:aws:sts::{account_id}:assumed-role/MeteredWorkload/{session}",
            life.region,
            session=session,
            platform=_PLATFORM,
            runs_in=life.region,
        )
        meter_usage(
            SubmittedUsage(
                life.product.code, hour * HOUR, habit.dimension, from_whole(units), is_decimal=False
            ),
            caller,
            market=self._metering.market,
            choices=self._metering.choices,
            now=now,
            random_bytes=self._metering.random_bytes,
            workloads=self._metering.workloads,
        )


def _check(results: Iterable[RecordResult]) -> None:
    for each in results:
        if each.verdict is not Verdict.SUCCESS:
            raise UsageNotTaken(
                f"A usage record of the simulation was answered {each.verdict.value}: {each.why} "
                "Nobody else may turn the clock or change what it has made while it runs."
            )

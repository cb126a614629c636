"""MeterUsage and RegisterUsage: software in a buyer's account reports itself, as that account."""

from uuid import UUID

import msgspec

from waag.domain.instants import Instant
from waag.domain.market import Market
from waag.domain.metering import MeteringChoices, UsageRow
from waag.domain.refusals import DryRunPassed, PlatformUnsupported, WorkloadUnknown
from waag.domain.workload_registration import (
    SubmittedRegistration,
    check_platform,
    find_container_product,
    find_public_key,
    to_jwt,
    to_signing_input,
)
from waag.domain.workload_usage import SubmittedUsage, check_usage, to_row, token_use
from waag.domain.workloads import Workload, agreement_at, check_entitled, workload_of
from waag.ports import Caller, RandomBytes, SigningKeys, Workloads


class SignedRegistration(msgspec.Struct, frozen=True):
    """What a workload that registered is given.

    Attributes:
        signature: a JWT in compact serialization.
        rotated: when the public key that was asked for gave way to a newer one, if it did.
    """

    signature: str
    rotated: Instant | None


def meter_usage(
    usage: SubmittedUsage,
    caller: Caller,
    *,
    market: Market,
    choices: MeteringChoices,
    now: Instant,
    random_bytes: RandomBytes,
    workloads: Workloads,
) -> bytes:
    """Record what a workload reports; it is on disk when this returns.

    Returns:
        The sixteen bytes of the MeteringRecordId.

    Raises:
        Refusal: nothing was recorded (see `waag.domain.workload_usage`); of a dry run that passes
            every check, `DryRunPassed`.
    """
    workload = _workload(caller)
    if isinstance(workload, str):
        raise WorkloadUnknown(workload)
    product = check_usage(usage, workload, caller.region, market=market, choices=choices, now=now)
    agreements = market.agreements_of(product.id, workload.account_id)
    record_id = UUID(bytes=random_bytes(16), version=4).bytes

    def decide(known: bool) -> UsageRow:  # noqa: FBT001 - the port's one answer
        if not known:
            check_entitled(workload, agreements, product, now)
        agreement = agreement_at(usage.timestamp, agreements, entitled_before=known)
        if usage.dry_run:
            raise DryRunPassed("Request would have succeeded, but DryRun flag is set.")
        return to_row(usage, workload, product, agreement, record_id=record_id, now=now)

    return workloads.record(workload, product, token_use(usage, workload), decide)


def register_usage(
    registration: SubmittedRegistration,
    caller: Caller,
    *,
    market: Market,
    now: Instant,
    workloads: Workloads,
    signing_keys: SigningKeys,
) -> SignedRegistration:
    """Register a task or pod with a container product; that is on disk when this returns.

    The same registration again, its nonce included, is signed again.

    Raises:
        Refusal: see `waag.domain.workload_registration`.
    """
    workload = _workload(caller)
    if isinstance(workload, str):
        raise PlatformUnsupported(workload)
    product = find_container_product(registration, workload, caller.region, market)
    keys = signing_keys.public_keys(product, now)
    key = find_public_key(registration.public_key_version, keys, product)
    agreements = market.agreements_of(product.id, workload.account_id)

    def decide(known: bool) -> None:  # noqa: FBT001 - the port's one answer
        if not known:
            check_platform(workload)
            check_entitled(workload, agreements, product, now)

    workloads.register(workload, product, now, decide)
    signing_input = to_signing_input(registration, now)
    signature = signing_keys.sign(product, key.version, signing_input)
    return SignedRegistration(to_jwt(signing_input, signature), key.rotated)


def _workload(caller: Caller) -> Workload | str:
    return workload_of(caller.account_id, caller.session, caller.platform, caller.runs_in)

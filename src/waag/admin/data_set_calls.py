"""The operator's calls about data sets: asked for, looked at, and what became of requests."""

import asyncio
from concurrent.futures import Executor
from typing import Literal, TypeAlias

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.openapi import Call
from waag.admin.reading import cursor_reader, optional, read_body, read_limit, to_cursor
from waag.admin.refusals import BadRequest
from waag.domain.analytics.contacts import SUPPORT_TYPES
from waag.domain.analytics.data_sets import DATA_SET_TYPES, Coverage
from waag.domain.analytics.requests import KeptRequest, RequestStatus
from waag.domain.instants import Instant, format_instant, parse_instant
from waag.services.analytics import AskedDataSets, SubmittedDataSet, check_named

LIMIT_MAX = 1000
PREVIEW_LIMIT_MAX = 1000

Status: TypeAlias = Literal["pending", "delivered", "refused", "succeeded", "failed"]

_read_cursor = cursor_reader(int)


class CoverageAnswer(msgspec.Struct, frozen=True):
    """The time that a data set tells of."""

    starts: str
    ends: str


class DataSetBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which data set, delivered where its seller has enrolled.

    `date` is a day or an instant: the publication date, or what a support export begins with.
    `seller` may be left out where only one has enrolled.
    """

    type: str
    date: str
    seller: str | None = None
    prefix: str | None = None
    customer_defined_values: dict[str, str] | None = None


class DataSetRequestAnswer(msgspec.Struct, frozen=True):
    """A request for a data set.

    `date` is as it was asked for, `published` the publication date of what is delivered. `message`
    is why it failed, `last_error` why its present step failed last, or why nobody could be told.
    """

    id: str
    status: Status
    seller: str
    type: str
    date: str
    published: str | None
    covers: CoverageAnswer
    bucket: str
    key: str
    metadata_key: str
    role: str
    topic: str
    customer_defined_values: dict[str, str] | None
    received: str
    completed: str | None
    attempts: int
    message: str | None
    last_error: str | None


class DataSetRequestsAnswer(msgspec.Struct, frozen=True):
    """One page of requests; `next_cursor` is null on the last."""

    data_set_requests: tuple[DataSetRequestAnswer, ...]
    next_cursor: str | None


class DataSetAnswer(msgspec.Struct, frozen=True):
    """The first rows of a data set."""

    type: str
    seller: str
    published: str | None
    covers: CoverageAnswer
    file_name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class TypeAnswer(msgspec.Struct, frozen=True):
    """A type of data set; `unknown` is why nobody can build it."""

    type: str
    cadence: Literal["daily", "monthly", "disbursement", "on request"]
    first_published: str | None
    unknown: str | None


class TypesAnswer(msgspec.Struct, frozen=True):
    """Every type there is, of both operations."""

    data_set_types: tuple[TypeAnswer, ...]


class DataSetCalls:
    """A part of the admin API.

    Args:
        asked: takes requests.
        threads: where it is waited for what AWS says to them.
    """

    def __init__(self, asked: AskedDataSets, threads: Executor) -> None:
        self._asked = asked
        self._threads = threads

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        requests = "/data-set-requests"
        return (
            Call(
                "POST",
                requests,
                self.generate_data_set,
                "Deliver a data set where its seller has enrolled",
                body=DataSetBody,
                answer=DataSetRequestAnswer,
            ),
            Call(
                "GET",
                requests,
                self.data_set_requests,
                "Requests for data sets, newest first",
                parameters=("seller", "type", "status", "limit", "cursor"),
                answer=DataSetRequestsAnswer,
            ),
            Call(
                "GET",
                f"{requests}/{{id}}",
                self.data_set_request,
                "What became of one",
                answer=DataSetRequestAnswer,
            ),
            Call("GET", "/data-set-types", self.data_set_types, "Every type", answer=TypesAnswer),
            Call(
                "GET",
                "/data-sets/{type}",
                self.preview_data_set,
                "The first rows of a data set, delivered nowhere",
                parameters=("seller", "date", "limit"),
                answer=DataSetAnswer,
            ),
        )

    async def generate_data_set(self, request: Request) -> DataSetRequestAnswer:
        """Deliver a data set where its seller has enrolled."""
        body = await read_body(request, DataSetBody)

        def generate() -> DataSetRequestAnswer:
            seller_id = body.seller or self._asked.only_seller()
            enrolled = self._asked.enrollment(seller_id)
            check_named(body.type)
            submitted = SubmittedDataSet(
                body.type,
                _read_date("date", body.date),
                enrolled.role,
                enrolled.bucket,
                enrolled.prefix if body.prefix is None else body.prefix,
                enrolled.topic,
                body.customer_defined_values,
            )
            taken = self._asked.take(submitted, seller_id)
            return _to_answer(self._asked.request(taken.request.id))

        # Beside whatever else waits for somebody's AWS.
        return await asyncio.get_running_loop().run_in_executor(self._threads, generate)

    async def data_set_requests(self, request: Request) -> DataSetRequestsAnswer:
        """Requests for data sets, newest first."""
        asked = request.query_params
        status = optional("status", asked.get("status"), _read_status)
        before = optional("cursor", asked.get("cursor"), _read_cursor)
        limit = read_limit(asked.get("limit"), 100, LIMIT_MAX)
        page = await run_in_threadpool(
            lambda: self._asked.requests(
                seller_id=asked.get("seller"),
                data_set=asked.get("type"),
                status=status,
                before=before,
                limit=limit,
            )
        )
        return DataSetRequestsAnswer(
            tuple(map(_to_answer, page.requests)),
            None if page.next is None else to_cursor(page.next),
        )

    async def data_set_request(self, request: Request) -> DataSetRequestAnswer:
        """What became of one."""
        request_id = request.path_params["id"]
        return _to_answer(await run_in_threadpool(self._asked.request, request_id))

    async def data_set_types(self, _request: Request) -> TypesAnswer:
        """Every type."""
        generated = (
            TypeAnswer(
                each.name,
                each.cadence.value,
                None if each.unknown else _day(each.first),
                each.unknown,
            )
            for each in DATA_SET_TYPES.values()
        )
        exported = (TypeAnswer(name, "on request", None, None) for name in SUPPORT_TYPES)
        return TypesAnswer((*generated, *exported))

    async def preview_data_set(self, request: Request) -> DataSetAnswer:
        """The first rows of a data set, delivered nowhere."""
        asked = request.query_params
        date = optional("date", asked.get("date"), _read_date)
        if date is None:
            raise BadRequest("date is missing; expected a day such as 2026-11-21.")
        limit = read_limit(asked.get("limit"), 10, PREVIEW_LIMIT_MAX)
        data_set = request.path_params["type"]

        def preview() -> DataSetAnswer:
            seller_id = asked.get("seller") or self._asked.only_seller()
            shown = self._asked.preview(data_set, seller_id, date, limit)
            edition = shown.edition
            return DataSetAnswer(
                edition.type,
                edition.seller_id,
                None if edition.published is None else _day(edition.published),
                _covers(edition.covers),
                edition.file_name,
                tuple(shown.columns),
                tuple(map(tuple, shown.rows)),
            )

        return await run_in_threadpool(preview)


def _read_date(name: str, text: str) -> Instant:
    """A day or an instant."""
    try:
        return parse_instant(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError as error:
        raise BadRequest(
            f"{name} is {text!r}; expected a day such as 2026-11-21, or an instant such as "
            "2026-11-21T10:00:00Z."
        ) from error


def _read_status(name: str, text: str) -> RequestStatus:
    try:
        return RequestStatus(text)
    except ValueError as error:
        names = ", ".join(each.value for each in RequestStatus)
        raise BadRequest(f"{name} is {text!r}; expected one of {names}.") from error


def _to_answer(kept: KeptRequest) -> DataSetRequestAnswer:
    request, progress, destination = kept.request, kept.progress, kept.request.destination
    values = request.customer_defined_values
    support = request.published is None
    return DataSetRequestAnswer(
        request.id,
        progress.status.value,
        request.seller_id,
        request.type,
        format_instant(request.asked) if support else _day(request.asked),
        None if request.published is None else _day(request.published),
        _covers(request.covers),
        destination.bucket,
        request.data_key,
        request.metadata_key,
        destination.role,
        destination.topic,
        None if values is None else dict(values),
        format_instant(request.received),
        None if progress.completed is None else format_instant(progress.completed),
        progress.attempts,
        progress.message,
        progress.last_error,
    )


def _covers(covers: Coverage) -> CoverageAnswer:
    return CoverageAnswer(format_instant(covers.starts), format_instant(covers.ends))


def _day(instant: Instant) -> str:
    return format_instant(instant).partition("T")[0]

"""The operator's calls about money: a month's end, what was billed and why, what came of it."""

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.billing_answers import (
    AdjustmentAnswer,
    AdjustmentBody,
    ExplainedAnswer,
    InvoicesAnswer,
    MonthCloseAnswer,
    MonthEndAnswer,
    MonthEndBody,
    PaymentBody,
    StandingAnswer,
    StatementAnswer,
)
from waag.admin.billing_shown import (
    to_answer_adjustment,
    to_answer_invoice,
    to_answer_line,
    to_answer_month_end,
    to_answer_record,
    to_answer_standing,
    to_answer_statement,
)
from waag.admin.openapi import Call
from waag.admin.reading import optional, read_body, read_limit
from waag.admin.refusals import BadRequest
from waag.domain.billing.adjustments import AdjustmentKind
from waag.domain.billing.booking import InvoiceStanding
from waag.domain.billing.statements import InvoiceQuery
from waag.domain.instants import INSTANT_MIN, Instant
from waag.domain.market import Market
from waag.domain.months import parse_month
from waag.ports import Clock, Settle
from waag.ports.billing import Books, Statements
from waag.services.billing import Billing
from waag.services.month_end import month_end
from waag.services.payments import Payments
from waag.services.statements import explain, list_invoices, statement

LIMIT_MAX = 1000
DIGITS_MAX = 18
STATUSES = ("open", "paid", "written-off")


class BillingCalls:
    """A part of the admin API.

    Args:
        clock: tells whether a month has ended.
        market: knows accounts.
        books: what was booked.
        statements: the same, for those who look at it.
        billing: closes months.
        payments: records what happened.
        settle: does all that is due.
    """

    def __init__(
        self,
        clock: Clock,
        market: Market,
        *,
        books: Books,
        statements: Statements,
        billing: Billing,
        payments: Payments,
        settle: Settle,
    ) -> None:
        self._clock = clock
        self._market = market
        self._books = books
        self._statements = statements
        self._billing = billing
        self._payments = payments
        self._settle = settle

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (*self._looking(), *self._recording())

    def _looking(self) -> tuple[Call, ...]:
        """A month's end, and what the books have."""
        return (
            Call(
                "POST",
                "/month-end",
                self.end_month,
                "Close a month and do all that is due; again, it changes nothing",
                body=MonthEndBody,
                answer=MonthEndAnswer,
            ),
            Call(
                "GET",
                "/month-end",
                self.closing,
                "How far the close has come that is in hand, or was last",
                answer=MonthCloseAnswer,
            ),
            Call(
                "GET",
                "/statement",
                self.statement,
                "A month of one seller or buyer, line by line",
                parameters=("account", "month"),
                answer=StatementAnswer,
            ),
            Call(
                "GET",
                "/charges/{id}/usage-records",
                self.explanation,
                "The usage records behind a charge, and how each is priced",
                parameters=("limit", "cursor"),
                answer=ExplainedAnswer,
            ),
            Call(
                "GET",
                "/invoices",
                self.invoices,
                "Invoices in order of date",
                parameters=("account", "month", "status", "limit", "cursor"),
                answer=InvoicesAnswer,
            ),
        )

    def _recording(self) -> tuple[Call, ...]:
        """What happened to money."""
        return (
            Call(
                "POST",
                "/invoices/{id}/payments",
                self.pay_invoice,
                "A buyer has paid an invoice, or some of it",
                body=PaymentBody,
                answer=StandingAnswer,
            ),
            Call(
                "POST",
                "/invoices/{id}/write-off",
                self.write_off_invoice,
                "An invoice is given up",
                answer=StandingAnswer,
            ),
            Call(
                "POST",
                "/refunds",
                self.refund,
                "Give back some of a charge, with its taxes",
                body=AdjustmentBody,
                answer=AdjustmentAnswer,
            ),
            Call(
                "POST",
                "/credits",
                self.credit,
                "Give back some of a charge, without taxes",
                body=AdjustmentBody,
                answer=AdjustmentAnswer,
            ),
        )

    async def end_month(self, request: Request) -> MonthEndAnswer:
        """Close a month and do all that is due."""
        month = parse_month((await read_body(request, MonthEndBody)).month)

        def end() -> MonthEndAnswer:
            return to_answer_month_end(
                month_end(
                    month,
                    clock=self._clock,
                    billing=self._billing,
                    statements=self._statements,
                    settle=self._settle,
                )
            )

        return await run_in_threadpool(end)

    async def closing(self, _request: Request) -> MonthCloseAnswer:
        """How far the close has come."""
        close = self._billing.progress
        if close is None:
            return MonthCloseAnswer()
        return MonthCloseAnswer(str(close.month), close.stage.value, close.done, close.total)

    async def statement(self, request: Request) -> StatementAnswer:
        """A month of one seller or buyer."""
        asked = request.query_params
        account, month = asked.get("account"), asked.get("month")
        if account is None or month is None:
            raise BadRequest("Name an account and a month, such as ?account=…&month=2026-10.")

        def show() -> StatementAnswer:
            return to_answer_statement(
                statement(
                    account,
                    parse_month(month),
                    market=self._market,
                    statements=self._statements,
                    books=self._books,
                )
            )

        return await run_in_threadpool(show)

    async def explanation(self, request: Request) -> ExplainedAnswer:
        """The usage records behind a charge."""
        asked = request.query_params
        explained = await run_in_threadpool(
            explain,
            request.path_params["id"],
            optional("cursor", asked.get("cursor"), _read_number) or 0,
            read_limit(asked.get("limit"), 100, LIMIT_MAX),
            statements=self._statements,
            books=self._books,
        )
        return ExplainedAnswer(
            to_answer_line(explained.line),
            tuple(map(to_answer_record, explained.records)),
            None if explained.next is None else str(explained.next),
        )

    async def invoices(self, request: Request) -> InvoicesAnswer:
        """Invoices in order of date."""
        asked = request.query_params
        month, status = asked.get("month"), asked.get("status")
        if status is not None and status not in STATUSES:
            raise BadRequest(f"status is {status!r}; expected one of {', '.join(STATUSES)}.")
        query = InvoiceQuery(
            asked.get("account"),
            None if month is None else str(parse_month(month)),
            status,
            optional("cursor", asked.get("cursor"), _read_place) or (INSTANT_MIN, ""),
            read_limit(asked.get("limit"), 100, LIMIT_MAX),
        )
        page = await run_in_threadpool(list_invoices, query, self._market, self._statements)
        following = None if page.next is None else "{}~{}".format(*page.next)
        return InvoicesAnswer(tuple(map(to_answer_invoice, page.invoices)), following)

    async def pay_invoice(self, request: Request) -> StandingAnswer:
        """A buyer has paid an invoice, or some of it."""
        body = await read_body(request, PaymentBody)
        invoice_id = request.path_params["id"]
        return await run_in_threadpool(
            lambda: self._standing(self._payments.pay(invoice_id, body.amount))
        )

    async def write_off_invoice(self, request: Request) -> StandingAnswer:
        """An invoice is given up."""
        invoice_id = request.path_params["id"]
        return await run_in_threadpool(lambda: self._standing(self._payments.write_off(invoice_id)))

    async def refund(self, request: Request) -> AdjustmentAnswer:
        """Give back some of a charge, with its taxes."""
        return await self._give_back(AdjustmentKind.REFUND, request)

    async def credit(self, request: Request) -> AdjustmentAnswer:
        """Give back some of a charge, without taxes."""
        return await self._give_back(AdjustmentKind.CREDIT, request)

    async def _give_back(self, kind: AdjustmentKind, request: Request) -> AdjustmentAnswer:
        body = await read_body(request, AdjustmentBody)
        given = await run_in_threadpool(
            self._payments.give_back, kind, body.charge, body.amount, body.reason
        )
        return to_answer_adjustment(given)

    def _standing(self, standing: InvoiceStanding) -> StandingAnswer:
        currency = self._books.standings([standing.invoice_id])[0].currency
        return to_answer_standing(standing, currency)


def _read_number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX):
        raise BadRequest(f"{name} is not a next_cursor of an answer.")
    return int(text)


def _read_place(name: str, text: str) -> tuple[Instant, str]:
    at, _, invoice_id = text.partition("~")
    try:
        return msgspec.convert(at, int, strict=False), invoice_id
    except msgspec.ValidationError as error:
        raise BadRequest(f"{name} is not a next_cursor of an answer.") from error

"""The operator's calls on the market: a market file applied, and who signs for an account."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from waag.admin.answers import AccountCredentialsAnswer, MarketChangeAnswer, to_answer_credentials
from waag.admin.market_file import apply_market_file, read_market_file
from waag.admin.openapi import Call
from waag.admin.reading import read_bytes
from waag.admin.refusals import NotFound
from waag.domain.market import Market
from waag.ports import Markets


class MarketCalls:
    """A part of the admin API.

    Args:
        market: looked up.
        markets: changes it.
    """

    def __init__(self, market: Market, markets: Markets) -> None:
        self._market = market
        self._markets = markets

    def calls(self) -> tuple[Call, ...]:
        """Every call, and which method answers it."""
        return (
            Call(
                "PUT",
                "/market",
                self.put_market,
                "Apply a market file (YAML); `name` is how messages name it",
                parameters=("name",),
                body=str,
                answer=MarketChangeAnswer,
            ),
            Call(
                "GET",
                "/accounts/{account}/credentials",
                self.credentials,
                "Who signs for an account, and with what",
                answer=AccountCredentialsAnswer,
            ),
        )

    async def put_market(self, request: Request) -> MarketChangeAnswer:
        """Apply a market file."""
        name = request.query_params.get("name", "market file")
        body = await read_bytes(request)

        def apply() -> MarketChangeAnswer:
            change = apply_market_file(read_market_file(body, name), self._markets)
            return MarketChangeAnswer(change.added, change.changed, change.unchanged)

        return await run_in_threadpool(apply)

    async def credentials(self, request: Request) -> AccountCredentialsAnswer:
        """Who signs for an account, and with what."""
        account = self._market.account(request.path_params["account"])
        if account is None:
            raise NotFound(f"There is no account {request.path_params['account']}.")
        return to_answer_credentials(account)

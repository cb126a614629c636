"""The running server as a command sees it: its address, its token, its answers."""

import functools
import json
from collections.abc import Callable, Mapping, MutableMapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

import click
import msgspec
import urllib3
from click.core import ParameterSource

from waag.admin.answers import ErrorBody
from waag.domain.refusals import Refusal

P = ParamSpec("P")

TIMEOUT_SECONDS = 600
"""Applying a large market file or settling a long stretch of time takes a while."""


class Operator:
    """The admin API of one server.

    Args:
        endpoint: such as http://127.0.0.1:8686.
        token: the operator's bearer token.
        as_json: print answers as they come, for other programs.
    """

    def __init__(self, endpoint: str, token: str, *, as_json: bool) -> None:
        self.as_json = as_json
        self._endpoint = endpoint.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(
        self,
        method: str,
        path: str,
        expected: type,
        *,
        parameters: Mapping[str, object] | None = None,
        body: object = None,
        text: bytes | None = None,
    ) -> Any:
        """One call of the admin API: JSON (or text) out, decoded JSON back.

        Args:
            method: of HTTP.
            path: below /admin/v1.
            expected: the shape of the answer; whoever answers otherwise is no Waag.
            parameters: of the query; one that is None is left out.
            body: sent as JSON.
            text: sent as it is.

        Raises:
            click.ClickException: refused, or nobody answers; exit code 1.
        """
        asked = {name: value for name, value in (parameters or {}).items() if value is not None}
        url = f"{self._endpoint}/admin/v1{path}"
        if asked:
            url += "?" + urlencode(asked)
        try:
            response = urllib3.request(
                method,
                url,
                body=text if body is None else json.dumps(body),
                headers=self._headers,
                timeout=TIMEOUT_SECONDS,
                retries=False,
            )
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise click.ClickException(
                f"No Waag answers at {self._endpoint} ({_reason(error)}). Start one with `waag "
                "serve`, or name another with --endpoint."
            ) from error
        return self._answer(response, expected)

    def _answer(self, response: urllib3.BaseHTTPResponse, expected: type) -> Any:
        try:
            answer = json.loads(response.data)
            if response.status == HTTPStatus.OK:
                msgspec.convert(answer, expected)
                return answer
            refused = msgspec.convert(answer, ErrorBody).error.message
        except ValueError as error:
            raise click.ClickException(
                f"What answers at {self._endpoint} is no Waag (HTTP {response.status})."
            ) from error
        raise click.ClickException(refused)


def _reason(error: Exception) -> str:
    """Why nobody answered: what the operating system says, where it was that."""
    cause = error.__cause__ or error.__context__ or error
    return cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause).strip()


def find_token(data: Path, given: str | None) -> str:
    """The operator's token: as given, or the one kept in the data directory.

    Raises:
        click.ClickException: there is none.
    """
    if given:
        return given
    path = data / "operator-token"
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise click.ClickException(
            f"No operator token: {path}: {error.strerror}. Name the server's data directory with "
            "--data, or set WAAG_OPERATOR_TOKEN."
        ) from error


def operator_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that find the server."""
    for option in (
        click.option("--operator-token", envvar="WAAG_OPERATOR_TOKEN", hidden=True),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option(
            "--data",
            type=click.Path(path_type=Path),
            default=Path("waag-data"),
            envvar="WAAG_DATA",
            show_default=True,
            help="The server's data directory, where the operator's token lies.",
        ),
        click.option(
            "--endpoint",
            default="http://127.0.0.1:8686",
            envvar="WAAG_ENDPOINT",
            show_default=True,
            help="The server's address.",
        ),
    ):
        command = option(command)
    return command


def to_operator(options: MutableMapping[str, Any]) -> Operator:
    """The server that the options find; they are taken out of `options`.

    What stands before a subcommand counts unless it stands behind it too.

    Raises:
        click.ClickException: there is no operator's token.
    """
    context = click.get_current_context()

    def take(name: str) -> Any:
        value = options.pop(name)
        behind = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        before = {} if context.parent is None else context.parent.params
        return value if behind else before.get(name, value)

    token = find_token(take("data"), take("operator_token"))
    return Operator(take("endpoint"), token, as_json=take("as_json"))


def operator_command(
    command: Callable[Concatenate[Operator, P], None],
) -> Callable[..., None]:
    """Give a command the options that find the server, and hand it an `Operator`."""

    @operator_options
    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        command(to_operator(options), *args, **options)

    return wrapped


def refusals_exit(command: Callable[P, None]) -> Callable[P, None]:
    """Turn a refusal into its sentence and exit code 1."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Refusal as refusal:
            raise click.ClickException(refusal.why) from refusal

    return wrapped

"""Forms read: what a browser posts, and what a buyer has filled in.

What the terms mean together is not judged here.
"""

import re
from collections.abc import Mapping
from math import isfinite
from urllib.parse import parse_qsl

from starlette.requests import Request

from waag.console.refusals import FieldRefused, FormTooLarge, FormUnreadable
from waag.domain.instants import Instant, parse_instant
from waag.domain.market import DimensionType, Entitlement, OfferKind, Product
from waag.exchange import OVERSIZED

BODY_BYTES_MAX = 64 * 1024
"""The largest form; whoever passes requests on sees to it."""

FIELDS_MAX = 500
VALUE_CHARACTERS_MAX = 255
GRANT = "grant-"
"""What the field of a dimension begins with."""

_FORM = "application/x-www-form-urlencoded"
_DATE_CHARACTERS = len("2026-11-21")
_NUMBER = re.compile(r"[0-9]{1,18}")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of a posted form; of a field that comes twice the last.

    Raises:
        FormTooLarge, FormUnreadable: there are none to be had.
    """
    if OVERSIZED in request.scope["extensions"]:
        raise FormTooLarge(f"A form has at most {BODY_BYTES_MAX} bytes.")
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != _FORM:
        raise FormUnreadable(f"Content-Type is {content_type!r}; forms are sent as {_FORM}.")
    try:
        return dict(
            parse_qsl(
                (await request.body()).decode(),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=FIELDS_MAX,
            )
        )
    except ValueError as error:  # no UTF-8, and too many fields alike
        raise FormUnreadable(
            f"The form cannot be read: it is in UTF-8, with at most {FIELDS_MAX} fields."
        ) from error


def read_number(text: str | None) -> int:
    """The number that a list goes on from; what is none begins at the beginning."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else 0


def read_offer(form: Mapping[str, str]) -> OfferKind:
    """Which offer is accepted.

    Raises:
        FieldRefused: none of the three.
    """
    offer = form.get("offer", "")
    try:
        return OfferKind(offer)
    except ValueError as error:
        offers = ", ".join(each.value for each in OfferKind)
        raise FieldRefused(f"The offer is {offer!r}; expected one of {offers}.") from error


def read_end(form: Mapping[str, str]) -> Instant | None:
    """When it ends: midnight UTC of a day, or an instant with its offset; None for no end.

    Raises:
        FieldRefused: something else.
    """
    text = form.get("ends", "").strip()
    if not text:
        return None
    try:
        return parse_instant(f"{text}T00:00:00Z" if len(text) == _DATE_CHARACTERS else text)
    except ValueError as error:
        raise FieldRefused(f"The end is {text!r}; expected a day such as 2027-01-31.") from error


def read_entitlements(form: Mapping[str, str], product: Product) -> tuple[Entitlement, ...]:
    """What is to be granted: of each dimension that is bought in advance, what was filled in.

    Raises:
        FieldRefused: a quantity that nobody can buy.
    """
    granted = [
        (each.key, form.get(GRANT + each.key, "").strip())
        for each in product.dimensions
        if each.offered and each.type is DimensionType.ENTITLED
    ]
    return tuple(Entitlement(key, _read_value(key, text)) for key, text in granted if text)


def _read_value(key: str, text: str) -> int | float | bool | str:
    """A number or boolean where it looks like one, else text."""
    if len(text) > VALUE_CHARACTERS_MAX:
        raise FieldRefused(
            f"{key} has {len(text)} characters; a value has at most {VALUE_CHARACTERS_MAX}."
        )
    if text in ("true", "false"):
        return text == "true"
    number: int | float | None = None
    if _WHOLE.fullmatch(text):
        number = int(text)
    elif _DECIMAL.fullmatch(text):
        number = float(text)
    if number is None:
        return text
    if number <= 0 or not isfinite(number):
        raise FieldRefused(f"{key} is {text}; expected a quantity above zero.")
    return number

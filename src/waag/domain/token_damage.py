"""What web pages do to a registration token on its way: undone, and told in words.

A token is standard base64, and comes by a browser's form. For diagnosis alone: a damaged token is
refused whatever it was before.
"""

from collections.abc import Callable, Sequence

FIELD = "x-amzn-marketplace-token"
"""The form field in which a browser posts it. Source: AWS Marketplace Seller Guide."""


def repaired(text: str) -> tuple[str, Sequence[str]]:
    """What a text may have been before it was damaged, and the damage found, in words.

    What comes of it need not be a token.
    """
    damages: list[str] = []
    for undo, damage in _DAMAGES:
        before = undo(text)
        if before != text:
            damages.append(damage)
        text = before
    return text, damages


def _field_value(text: str) -> str:
    _, found, value = text.partition(f"{FIELD}=")
    return value.partition("&")[0] if found else text


def _percent_decoded(text: str) -> str:
    plain, *escaped = text.split("%")
    return plain + "".join(map(_unescaped, escaped))


def _unescaped(text: str) -> str:
    """The text behind a percent sign, its two hexadecimal digits made the character they name."""
    try:
        character = bytes.fromhex(text[:2]).decode("ascii")
    except ValueError:
        character = ""
    return character + text[2:] if character else f"%{text}"


def _unquoted(text: str) -> str:
    return text.strip("\"'")


def _in_one_piece(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines())


def _with_pluses(text: str) -> str:
    return text.replace(" ", "+")


def _in_standard_alphabet(text: str) -> str:
    return text.replace("-", "+").replace("_", "/")


def _padded(text: str) -> str:
    return text + "=" * (-len(text) % 4)


_DAMAGES: Sequence[tuple[Callable[[str], str], str]] = (
    (_field_value, f"it is more than the value of the form's field {FIELD}"),
    (
        _percent_decoded,
        "it is percent-encoded: the form's field was not decoded, or encoded once more",
    ),
    (_percent_decoded, "below that it is percent-encoded a second time"),
    (_in_one_piece, "it has line breaks in it or white space around it"),
    (_unquoted, "it stands in quotation marks"),
    (
        _with_pluses,
        (
            "it has spaces where it had '+': the form's body was decoded twice, or the token was "
            "put into a form or URL without being encoded"
        ),
    ),
    (
        _in_standard_alphabet,
        "it has '-' or '_' where it had '+' or '/': it was put into the alphabet for URLs",
    ),
    (_padded, "it lacks '=' at its end"),
)
"""What undoes a damage, and what it is; in the order in which they are undone."""

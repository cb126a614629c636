"""Ids of agreements, offers, licenses and customers, in the forms that AWS's have.

Source: published events and requests: agmt-2nehijlqfz9g7f2v6imgyjhmu, offer-uovnpk2f6jq7s,
X01EXAMPLEX, arn:aws:license-manager::294406891311:license:l-9d01d15f86334a8894365cd7350556ff.
"""

from collections.abc import Callable

import msgspec

LICENSE_ISSUER = "294406891311"
"""The account of AWS's in the ARNs of licenses."""

_LOWER = "0123456789abcdefghijklmnopqrstuvwxyz"
_ALPHANUMERIC = _LOWER + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UUID_KEPT = 0xFFFFFFFF_FFFF_0FFF_3FFF_FFFFFFFFFFFF
_UUID_MARKS = 0x00000000_0000_4000_8000_000000000000


class Names(msgspec.Struct, frozen=True):
    """Makes new ids; each call another.

    Attributes:
        random_bytes: so many unpredictable ones.
    """

    random_bytes: Callable[[int], bytes]

    def agreement_id(self) -> str:
        """Of an agreement."""
        return f"agmt-{self._letters(25, _LOWER)}"

    def offer_id(self) -> str:
        """Of an offer."""
        return f"offer-{self._letters(13, _LOWER)}"

    def cancellation_request_id(self) -> str:
        """Of a request that an agreement be cancelled."""
        return f"acr-{self._letters(25, _LOWER)}"

    def license_arn(self) -> str:
        """Of a license."""
        number = self.random_bytes(16).hex()
        return f"arn:aws:license-manager::{LICENSE_ISSUER}:license:l-{number}"

    def customer_identifier(self) -> str:
        """Of a buyer, towards one product with the legacy integration."""
        return self._letters(11, _ALPHANUMERIC)

    def uuid(self) -> str:
        """A version 4 UUID. Source: RFC 9562, section 5.4."""
        number = int.from_bytes(self.random_bytes(16)) & _UUID_KEPT | _UUID_MARKS
        text = f"{number:032x}"
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def _letters(self, count: int, alphabet: str) -> str:
        """So many of an alphabet, each as likely as any."""
        number = int.from_bytes(self.random_bytes(count + 8))
        return "".join(alphabet[number // len(alphabet) ** i % len(alphabet)] for i in range(count))

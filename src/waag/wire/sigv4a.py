"""AWS Signature Version 4A: the asymmetric key of an access key, its signatures, its regions.

Pure functions. The canonical request and the string to sign are those of `waag.wire.sigv4`; the
scope has no region, which stands in the signed header x-amz-region-set instead.
Source: AWS SDKs and Tools Reference Guide, "AWS SigV4 and SigV4A"; aws-c-auth, key_derivation.
"""

import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from waag.wire.sigv4 import ASYMMETRIC_ALGORITHM

DEFAULT_REGION = "us-east-1"
"""The region of a request whose set names none outright."""

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ECDSA_SHA256 = ec.ECDSA(SHA256())


def private_scalar(access_key_id: str, secret_access_key: str) -> int:
    """The private key an access key stands for, between 1 and the order of P-256 less 1.

    A key derivation in counter mode (NIST SP 800-108) with HMAC-SHA256. A candidate that is too
    large, one in four thousand million, is passed over for that of the next counter.
    """
    key = f"AWS4A{secret_access_key}".encode()
    label = b"\x00\x00\x00\x01" + ASYMMETRIC_ALGORITHM.encode() + b"\x00" + access_key_id.encode()
    digests = (
        hmac.digest(key, label + bytes([counter]) + b"\x00\x00\x01\x00", "sha256")
        for counter in range(1, 255)
    )
    candidates = (int.from_bytes(digest, "big") for digest in digests)
    return next(candidate + 1 for candidate in candidates if candidate <= _P256_ORDER - 2)


def public_key(access_key_id: str, secret_access_key: str) -> ec.EllipticCurvePublicKey:
    """The key that verifies what the holder of this access key signs."""
    scalar = private_scalar(access_key_id, secret_access_key)
    return ec.derive_private_key(scalar, ec.SECP256R1()).public_key()


def verify(key: ec.EllipticCurvePublicKey, to_sign: str, signature: str) -> bool:
    """Whether `signature`, DER in lower-case hexadecimal, is one of `to_sign` by this key."""
    try:
        der = bytes.fromhex(signature)
    except ValueError:
        return False
    # One signature has one spelling: no capitals, no spaces.
    if der.hex() != signature:
        return False
    try:
        key.verify(der, to_sign.encode(), _ECDSA_SHA256)
    except InvalidSignature:
        return False
    return True


def region_of(region_set: str) -> str | None:
    """The region a request is for: the first one named outright, else DEFAULT_REGION.

    Args:
        region_set: the header x-amz-region-set: regions and prefixes such as us-*, or *, separated
            by commas.

    Returns:
        None if the set names no region outright and does not cover DEFAULT_REGION.
    """
    entries = [entry.strip() for entry in region_set.split(",")]
    for entry in entries:
        if entry and "*" not in entry:
            return entry
    if any(entry[-1:] == "*" and DEFAULT_REGION.startswith(entry[:-1]) for entry in entries):
        return DEFAULT_REGION
    return None

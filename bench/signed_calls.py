"""Calls of BatchMeterUsage as bytes for the socket: really signed, all of them distinct.

Each record is new: customers, dimensions and hours are walked through so that no key comes twice.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from typing import NamedTuple

import msgspec

NOW = datetime(2026, 5, 14, 23, 30, tzinfo=UTC)
"""What the server's clock shows while it is measured, and when the calls were signed."""

SELLER = "130000000001"
ACCESS_KEY_ID = "AKIAWAAGBENCH0000001"
SECRET = "bench-secret-access-key-0000000000000001"  # noqa: S105 - of a market made for this
PRODUCT = "bench0product0code0000001"
PRODUCT_ID = "prod-benchproduct1"
DIMENSIONS = tuple(f"dimension-{number}" for number in range(10))
STARTS = datetime(2026, 1, 1, tzinfo=UTC)
"""When every agreement starts."""

HOURS = 23
RECORDS_PER_CALL = 25
_STRIDE = 611_953  # a prime: steps of it come to every customer before any of them again
_TARGET = "AWSMPMeteringService.BatchMeterUsage"
_SIGNED = "content-type;host;x-amz-date;x-amz-target"
_SCOPE = f"{NOW:%Y%m%d}/us-east-1/aws-marketplace/aws4_request"


class Key(NamedTuple):
    """What makes a record a new one; the hour in seconds since the epoch, the others from 0."""

    hour: int
    customer: int
    dimension: int


class Walk(NamedTuple):
    """An order in which every key comes once, hour after hour, as usage arrives.

    Attributes:
        customers: how many.
        dimensions: the numbers of those that are used.
        scattered: each record is another customer's than the one before, from all over the
            market; otherwise a customer's records come together.
    """

    customers: int
    dimensions: Sequence[int] = range(len(DIMENSIONS))
    scattered: bool = False

    def keys(self, first: int, count: int) -> Iterator[Key]:
        """So many keys, the first of them left out."""
        start = int((NOW - timedelta(hours=HOURS - 1)).timestamp())
        hours = range(start, start + HOURS * 3600, 3600)
        if self.scattered:
            all_keys = (
                Key(hour, place * _STRIDE % self.customers, dimension)
                for hour, dimension, place in product(hours, self.dimensions, range(self.customers))
            )
        else:
            all_keys = (Key(*key) for key in product(hours, range(self.customers), self.dimensions))
        return islice(all_keys, first, first + count)


def customers_needed(records: int) -> int:
    """How many customers it takes to give so many records a key each."""
    return -(-records // (len(DIMENSIONS) * HOURS))


def account_id(customer: int) -> str:
    """The customer's AWS account."""
    return f"{customer + 200_000_000_000}"


def customer_identifier(customer: int) -> str:
    """What calls name the customer by."""
    return f"cust{customer:07}"


def agreement_id(customer: int) -> str:
    """The customer's one agreement."""
    return f"agmt-{customer:08}"


def market(customers: int) -> bytes:
    """A market file with one seller, one product and so many customers."""
    principal = {
        "user": "bench",
        "access_key_id": ACCESS_KEY_ID,
        "secret_access_key": SECRET,
        "policies": ["MarketplaceSeller"],
    }
    seller = {"id": SELLER, "name": "Bench", "kind": "seller", "principals": [principal]}
    bench_product = {
        "id": PRODUCT_ID,
        "code": PRODUCT,
        "seller": SELLER,
        "title": "Bench",
        "type": "saas-subscription",
        "integration": "legacy",
        "regions": ["us-east-1"],
        "dimensions": [
            {"key": key, "type": "Metered", "unit": "Units", "price": "0.01"} for key in DIMENSIONS
        ],
    }
    buyers = [_buyer(customer) for customer in range(customers)]
    agreements = [_agreement(customer) for customer in range(customers)]
    return _yaml(
        {"accounts": [seller, *buyers], "products": [bench_product], "agreements": agreements}
    )


def one_more(customer: int) -> bytes:
    """A market file that adds one customer and the agreement."""
    return _yaml({"accounts": [_buyer(customer)], "agreements": [_agreement(customer)]})


def _buyer(customer: int) -> dict[str, object]:
    return {"id": account_id(customer), "name": f"Customer {customer}", "kind": "buyer"}


def _agreement(customer: int) -> dict[str, object]:
    return {
        "id": agreement_id(customer),
        "product": PRODUCT_ID,
        "buyer": account_id(customer),
        "customer_identifier": customer_identifier(customer),
        "starts": f"{STARTS:%Y-%m-%dT%H:%M:%SZ}",
    }


def _yaml(document: object) -> bytes:
    # JSON is YAML, but for instants, which YAML has without quotes.
    starts = f"{STARTS:%Y-%m-%dT%H:%M:%SZ}".encode()
    return msgspec.json.encode(document).replace(b'"%b"' % starts, b" " + starts)


def calls(
    walk: Walk, count: int, host: str, records_per_call: int = RECORDS_PER_CALL, first: int = 0
) -> list[bytes]:
    """So many signed calls with new records each; `first` records of the walk are left out."""
    key = b"AWS4" + SECRET.encode()
    for part in _SCOPE.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    keys = walk.keys(first, count * records_per_call)
    signed = [_call(list(islice(keys, records_per_call)), host, key) for _ in range(count)]
    assert next(keys, None) is None
    return signed


def _call(keys: Sequence[Key], host: str, key: bytes) -> bytes:
    assert keys, "the walk has no more keys"
    usage_records = [
        {
            "Timestamp": hour,
            "CustomerIdentifier": customer_identifier(customer),
            "Dimension": DIMENSIONS[dimension],
            "Quantity": customer % 1000,
        }
        for hour, customer, dimension in keys
    ]
    body = msgspec.json.encode({"ProductCode": PRODUCT, "UsageRecords": usage_records})
    date = f"{NOW:%Y%m%dT%H%M%SZ}"
    canonical = (
        f"POST\n/\n\ncontent-type:application/x-amz-json-1.1\nhost:{host}\nx-amz-date:{date}\n"
        f"x-amz-target:{_TARGET}\n\n{_SIGNED}\n{hashlib.sha256(body).hexdigest()}"
    )
    to_sign = (
        f"AWS4-HMAC-SHA256\n{date}\n{_SCOPE}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    )
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    head = (
        f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-amz-json-1.1\r\n"
        f"X-Amz-Target: {_TARGET}\r\nX-Amz-Date: {date}\r\n"
        f"Authorization: AWS4-HMAC-SHA256 Credential={ACCESS_KEY_ID}/{_SCOPE}, "
        f"SignedHeaders={_SIGNED}, Signature={signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body

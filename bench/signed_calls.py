"""Calls of BatchMeterUsage as bytes for the socket: really signed, all of them distinct.

Each record is new: customers, dimensions and hours are walked through so that no key comes twice.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, product

NOW = datetime(2026, 5, 14, 23, 30, tzinfo=UTC)
"""What the server's clock shows while it is measured, and when the calls were signed."""

SELLER = "130000000001"
ACCESS_KEY_ID = "AKIAWAAGBENCH0000001"
SECRET = "bench-secret-access-key-0000000000000001"  # noqa: S105 - of a market made for this
PRODUCT = "bench0product0code0000001"
DIMENSIONS = tuple(f"dimension-{number}" for number in range(10))
HOURS = 23
RECORDS_PER_CALL = 25
_TARGET = "AWSMPMeteringService.BatchMeterUsage"
_SIGNED = "content-type;host;x-amz-date;x-amz-target"
_SCOPE = f"{NOW:%Y%m%d}/us-east-1/aws-marketplace/aws4_request"


def customers_needed(records: int) -> int:
    """How many customers it takes to give so many records a key each."""
    return -(-records // (len(DIMENSIONS) * HOURS))


def market(customers: int) -> str:
    """A market file with one product and so many customers."""
    document = {
        "accounts": [
            {
                "id": SELLER,
                "name": "Bench",
                "kind": "seller",
                "principals": [
                    {
                        "user": "bench",
                        "access_key_id": ACCESS_KEY_ID,
                        "secret_access_key": SECRET,
                        "policies": ["MarketplaceSeller"],
                    }
                ],
            },
            *(
                {"id": f"{number + 200000000000}", "name": f"Customer {number}", "kind": "buyer"}
                for number in range(customers)
            ),
        ],
        "products": [
            {
                "id": "prod-benchproduct1",
                "code": PRODUCT,
                "seller": SELLER,
                "title": "Bench",
                "type": "saas-subscription",
                "integration": "legacy",
                "regions": ["us-east-1"],
                "dimensions": [
                    {"key": key, "type": "Metered", "unit": "Units", "price": "0.01"}
                    for key in DIMENSIONS
                ],
            }
        ],
        "agreements": [
            {
                "id": f"agmt-{number:08}",
                "product": "prod-benchproduct1",
                "buyer": f"{number + 200000000000}",
                "customer_identifier": f"cust{number:07}",
                "starts": "2026-01-01T00:00:00Z",
            }
            for number in range(customers)
        ],
    }
    # JSON is YAML, but for instants, which YAML has without quotes.
    return json.dumps(document).replace('"2026-01-01T00:00:00Z"', "2026-01-01T00:00:00Z")


def records(customers: int) -> Iterator[dict[str, object]]:
    """Every key once, hour after hour, as usage arrives."""
    start = NOW - timedelta(hours=HOURS - 1)
    for hour, customer, dimension in product(range(HOURS), range(customers), DIMENSIONS):
        yield {
            "Timestamp": int((start + timedelta(hours=hour)).timestamp()),
            "CustomerIdentifier": f"cust{customer:07}",
            "Dimension": dimension,
            "Quantity": customer % 1000,
        }


def calls(count: int, host: str, records_per_call: int = RECORDS_PER_CALL) -> list[bytes]:
    """So many signed calls with new records each."""
    new = records(customers_needed(count * records_per_call))
    key = b"AWS4" + SECRET.encode()
    for part in _SCOPE.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return [_call(list(islice(new, records_per_call)), host, key) for _ in range(count)]


def _call(usage_records: list[dict[str, object]], host: str, key: bytes) -> bytes:
    body = json.dumps({"ProductCode": PRODUCT, "UsageRecords": usage_records}).encode()
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

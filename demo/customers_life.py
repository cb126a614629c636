"""The second part of the demonstration: a customer from subscription to the last refusal.

The buyer's side is the storefront's form, as a browser posts it, and the operator's commands; the
seller's side is boto3, as it would be against AWS.
"""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import urllib3

from meter_usage import Demo

VAULT = "5poldervault6concurrent78"
BUYER = "210000000002"


def subscribe_in_browser(demo: Demo) -> tuple[str, str]:
    """Post the storefront's form: the agreement, and the token that it sends the buyer on with."""
    ends = (demo.now + timedelta(days=365)).date().isoformat()
    subscribed = urllib3.request(
        "POST",
        f"{demo.endpoint}/storefront/{BUYER}/products/prod-poldervault01",
        body=urlencode({"offer": "private", "ends": ends, "grant-seats": "25"}),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": demo.endpoint},
        redirect=False,
    )
    path = subscribed.headers["location"]
    page = urllib3.request("GET", demo.endpoint + path).data.decode()
    (token,) = re.findall(r'name="x-amzn-marketplace-token" value="([^"]+)"', page)
    return path.split("/")[-2], token


def live(demo: Demo) -> None:
    """Subscribe, register, meter, cancel, meter once more within the hour, be refused."""
    metering, entitlement = demo.client(), demo.client(service="marketplace-entitlement")
    agreement_id, token = subscribe_in_browser(demo)
    agreement = demo.waag("agreement", "show", agreement_id)
    began = datetime.fromisoformat(agreement["starts"])
    license_arn: str = agreement["license_arn"]

    def meter(hours: int) -> str:
        record = {
            "Timestamp": began + timedelta(hours=hours),
            "Dimension": "overage",
            "Quantity": 3,
            "CustomerAWSAccountId": BUYER,
            "LicenseArn": license_arn,
        }
        results: Any = metering.batch_meter_usage(UsageRecords=[record])["Results"]
        return results[0]["Status"]

    def resolved() -> str:
        return metering.resolve_customer(RegistrationToken=token)["LicenseArn"]

    def granted() -> str:
        wanted = {"LICENSE_ARN": [license_arn]}
        (found,) = entitlement.get_entitlements(ProductCode=VAULT, Filter=wanted)["Entitlements"]
        return f"{found['Value']['IntegerValue']} {found['Dimension']}"

    def told() -> str:
        events = demo.waag("events", "--agreement", agreement["id"])["events"]
        return ", ".join(event["name"].split(" - ")[0] for event in events)

    demo.step("a buyer comes from the storefront", license_arn, resolved)
    demo.step("what the contract grants", "25 seats", granted)
    demo.waag("clock", "advance", "2h")
    demo.step("usage beyond it", "Success", lambda: meter(0))
    demo.waag("fault", "add", "BatchMeterUsage", "throttle")
    demo.step("a fault on demand", "ThrottlingException", lambda: meter(1))
    demo.waag("agreement", "cancel", agreement["id"])
    demo.step("final usage, within the hour", "Success", lambda: meter(1))
    demo.waag("clock", "advance", "2h")
    demo.step("usage after that", "CustomerNotSubscribed", lambda: meter(1))
    demo.step(
        "what AWS would have told the seller",
        "Purchase Agreement Created, License Updated, Purchase Agreement Ended, "
        "License Deprovisioned",
        told,
    )

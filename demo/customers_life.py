"""The second part of the demonstration: a customer from subscription to the last refusal.

The operator plays the buyer; the seller's side is boto3, as it would be against AWS.
"""

from datetime import datetime, timedelta
from typing import Any

from meter_usage import Demo

VAULT = "5poldervault6concurrent78"
BUYER = "210000000002"


def live(demo: Demo) -> None:
    """Subscribe, register, meter, cancel, meter once more within the hour, be refused."""
    metering, entitlement = demo.client(), demo.client(service="marketplace-entitlement")
    ends = (demo.now + timedelta(days=365)).isoformat()
    offer = ("--offer", "private", "--ends", ends, "--entitlement", "seats=25")
    agreement = demo.waag("agreement", "subscribe", VAULT, BUYER, *offer)
    began = datetime.fromisoformat(agreement["starts"])
    token = demo.waag("token", agreement["id"])["token"]
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

    demo.step("a buyer's registration token", license_arn, resolved)
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

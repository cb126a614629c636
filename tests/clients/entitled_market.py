"""A market with contracts, for tests of the entitlement service."""

import json

PRODUCT = "contracts"
LEGACY = "legacycontracts"
IDENTIFIER = "mOlenContract1"
MOLEN_ACCOUNT, GRACHT_ACCOUNT = "210000000001", "210000000002"


def license_arn(number):
    """The license that the contract of this number granted."""
    return f"arn:aws:license-manager::294406891311:license:l-{number:04}"


def contract(number, *entitlements, **given):
    """A contract of Molen Bank over 2026 that grants these (dimension, value); else 25 seats."""
    granted = entitlements or (("seats", 25),)
    usual = {
        "id": f"agmt-contract{number:04}",
        "product": "prod-contracts0001",
        "buyer": MOLEN_ACCOUNT,
        "license_arn": license_arn(number),
        "starts": "2026-01-01T00:00:00Z",
        "ends": "2027-01-01T00:00:00Z",
        "entitlements": [{"dimension": each, "value": value} for each, value in granted],
    }
    return {name: value for name, value in (usual | given).items() if value is not None}


def legacy_contract(number, **given):
    """The same to the product with the legacy integration."""
    legacy = {
        "product": "prod-legacycontr01",
        "license_arn": None,
        "customer_identifier": IDENTIFIER,
    }
    return contract(number, **(legacy | given))


def apply_contracts(server, *contracts):
    """Have Polder Software sell contracts, and these be agreed to."""
    dimensions = [
        {"key": key, "type": "Entitled", "unit": "Users", "price": "1"}
        for key in ("seats", "vaults", "tier", "audit", "quota")
    ]
    usual = {
        "seller": "120000000001",
        "title": "Contracts",
        "type": "saas-contract",
        "regions": ["us-east-1"],
        "dimensions": dimensions,
    }
    products = [
        usual | {"id": "prod-contracts0001", "code": PRODUCT, "integration": "concurrent"},
        usual | {"id": "prod-legacycontr01", "code": LEGACY, "integration": "legacy"},
    ]
    # Instants are YAML's own; JSON is YAML otherwise.
    text = json.dumps({"products": products, "agreements": contracts})
    for instant in {
        each[name] for each in contracts for name in ("starts", "ends") if name in each
    }:
        text = text.replace(f'"{instant}"', instant)
    applied = server.ask("PUT", "/market", text.encode())
    assert "error" not in applied, applied

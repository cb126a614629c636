"""A market file to break, and what is said of it then."""

from waag.admin.market_file import MarketFileRefused, read_market_file

FILE = """\
# A comment.
accounts:
  - id: "120000000001"
    name: Seller
    kind: seller
    principals:
      - user: ci
        access_key_id: AKIAWAAGTESTSELLER01
        secret_access_key: secret
        policies: [MarketplaceSeller]
  - id: "210000000001"
    name: Buyer
    kind: buyer
    address: {country: NL, city: Alkmaar}
products:
  - id: prod-analytics0001
    code: analytics
    seller: "120000000001"
    title: Analytics
    type: saas-subscription
    integration: legacy
    regions: [us-east-1]
    dimensions:
      - {key: users, type: Metered, unit: Users, price: "0.50"}
agreements:
  - id: agmt-1
    product: prod-analytics0001
    buyer: "210000000001"
    customer_identifier: cust-1
    starts: 2026-01-01T00:00:00Z
"""
"""A file without mistakes; lines count from 1."""


def changed(*replacements: tuple[str, str]) -> str:
    """FILE with some of its text replaced."""
    text = FILE
    for old, new in replacements:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def mistakes(text):
    """Every mistake as the operator is shown it; none if the file is read."""
    try:
        read_market_file(text, "m.yaml")
    except MarketFileRefused as refused:
        return [str(mistake) for mistake in refused.located]
    return []

"""Columns that data sets have in common: customers, products, offers, solutions."""

from waag.analytics.columns import (
    Column,
    address_reference,
    amount,
    customer_reference,
    payer_reference,
)

CUSTOMER_REFERENCE = Column("Customer Reference ID", "customer_id", customer_reference)
PAYER_REFERENCE = Column("Payer Reference ID", "customer_id", payer_reference)
PAYER = (PAYER_REFERENCE, Column("Payer Address ID", "address", address_reference))

ACCOUNT_NUMBER = Column("Customer AWS Account Number", "customer_id")
EMAIL_DOMAIN = Column("Customer Email Domain", "email_domain")

USER = (
    CUSTOMER_REFERENCE,
    Column("User's State", "state"),
    Column("User's Country", "country"),
)
"""Who uses a product; in Waag the one who is billed."""

CUSTOMER = (
    ACCOUNT_NUMBER,
    Column("Customer Country", "country"),
    Column("Customer State", "state"),
    Column("Customer City", "city"),
    Column("Customer Zip Code", "postal_code"),
    EMAIL_DOMAIN,
)
"""Who is billed, as daily and disbursement data sets have it."""

PLACE = (
    Column("Country", "country"),
    Column("State", "state"),
    Column("City", "city"),
    Column("Zip Code", "postal_code"),
)
"""Where the billed account is, as monthly data sets have it."""

PRODUCT = (Column("Product Title", "product_title"), Column("Product Code", "product_code"))
OFFER = (Column("Offer ID", "offer_id"), Column("Offer Visibility", "visibility"))
OPPORTUNITY = (Column("Opportunity Name", "opportunity"), Column("Opportunity Description", None))
SOLUTION = (Column("Solution Title", "solution_title"), Column("Solution ID", "solution_id"))
RESELLER = (
    Column("Reseller account ID", "reseller_id"),
    Column("Reseller account name", "reseller_name"),
)

BILLED = (
    Column("Customer Billed Amount", "billed", amount),
    Column("AWS Listing Fee", "fee", amount),
    Column("Refunds Amount", "refunds", amount),
    Column("AWS Fee Refund", "fee_refunds", amount),
    Column("Cost", "cost", amount),
    Column("Partner Revenue Amount", "net", amount),
    Column("Currency", "currency"),
    Column("Transaction Reference ID", "reference"),
    Column("U.S. Sales Tax Customer Billed Amount", "tax", amount),
    Column("U.S. Sales Tax Refunds Amount", "tax_refund", amount),
)
"""What became of a transaction in a month, signed: the net is the plain sum of those before it."""

REVENUE = (
    Column("Gross Revenue", "gross", amount),
    Column("AWS Revenue Share", "fee", amount),
    Column("Gross Refunds", "gross_refunds", amount),
    Column("AWS Refunds Share", "fee_refunds", amount),
    Column("Net Revenue", "net", amount),
    Column("Currency", "currency"),
    Column("AR Period", "ar_period"),
    Column("Transaction Reference ID", "reference"),
)
"""The same in fewer columns: what a reseller owes for goods is off the revenue already."""

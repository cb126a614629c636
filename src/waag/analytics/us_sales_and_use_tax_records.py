"""Taxes of buyers in the United States on what was billed in a month, and given back in it.

One row per line of a bill and jurisdiction, as the line has them, and another for each refund, its
amounts negative; by bill, line, whether it is a refund, and place.
"""

from waag.analytics.column_groups import PAYER_REFERENCE
from waag.analytics.columns import Column, amount, customer_reference, day, seller_reference
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "us_sales_and_use_tax_records",
    columns=(
        Column("Line Item Id", "line"),
        Column("Customer Bill Id", "invoice"),
        Column("Product Name", "product_title"),
        Column("Product Code", "product_code"),
        Column("Product Tax Code", "tax_code"),
        Column("Seller Id", "seller_id", seller_reference),
        Column("Seller Name", "seller_name"),
        Column("Transaction Date", "at", day),
        Column("Total Adjusted Price", "price", amount),
        Column("Total Tax", "total_tax", amount),
        Column("Base Currency Code", "currency"),
        Column("Bill to City", "city"),
        Column("Bill to State", "state"),
        Column("Bill to Postal Code", "postal_code"),
        Column("Bill to Country", "country"),
        Column("Transaction Type Code", "transaction_type"),
        Column("Display Price Taxability Type", "taxability"),
        Column("Tax Location Code Taxed Jurisdiction", "location_code"),
        Column("Tax Type Code", "tax_type"),
        Column("Jurisdiction Level", "level"),
        Column("Taxed Jurisdiction", "jurisdiction"),
        Column("Taxable Sale Amount", "taxable", amount),
        Column("Nontaxable Sale Amount", "nontaxable", amount),
        Column("Tax Amount", "tax", amount),
        Column("Tax Jurisdiction Tax Rate", "rate"),
        Column("Tax Calculation Reason Code", "reason"),
        Column("Date Used For Tax Calculation", "billed_at", day),
        Column("Customer Exemption Certificate Id", "certificate_id"),
        Column("Customer Exemption Certificate Id Domain", "certificate_domain"),
        Column("Customer Exemption Certificate Level", "certificate_level"),
        Column("Customer Exemption Code", "exemption_code"),
        Column("Customer Exemption Domain", "exemption_domain"),
        Column("Customer Reference Id", "customer_id", customer_reference),
        Column("Transaction Reference Id", "reference"),
        PAYER_REFERENCE,
        Column("Tax Liable Party", "liable"),
    ),
    tables=("market", "bills"),
)

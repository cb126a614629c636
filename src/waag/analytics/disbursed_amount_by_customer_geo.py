"""A payout by where the customers are. One row per payout and place, by these."""

from waag.analytics.columns import Column, amount, settled
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "disbursed_amount_by_customer_geo",
    columns=(
        Column("Settlement ID", "payout"),
        Column("Settlement Period Start Date", "starts", settled),
        Column("Settlement Period End Date", "at", settled),
        Column("Deposit Date", "at", settled),
        Column("Disbursed Amount", "amount", amount),
        Column("Country Code", "country"),
        Column("State or Region", "state"),
        Column("City", "city"),
        Column("Postal Code", "postal_code"),
        Column("Net Amount By Tax Location", "net", amount),
        Column("Gross Amount By Tax Location", "gross", amount),
        Column("Seller U.S. Sales Tax", "tax", amount),
        Column("Seller U.S. Sales Tax Refund", "tax_refund", amount),
    ),
    tables=("market", "payouts", "paid_out", "amounts", "bills"),
)

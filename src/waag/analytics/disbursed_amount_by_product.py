"""What a payout consisted of. One row per transaction reference, by product code and reference."""

from waag.analytics.column_groups import CUSTOMER, PAYER, SOLUTION
from waag.analytics.columns import Column, amount
from waag.analytics.data_set import Definition

DATA_SET = Definition(
    "disbursed_amount_by_product",
    columns=(
        Column("Product", "product_title"),
        Column("Product Code", "product_code"),
        Column("SellerRev", "gross", amount),
        Column("AWSRefFee", "fee", amount),
        Column("SellerRevRefund", "seller_refund", amount),
        Column("AWSRefFeeRefund", "fee_refund", amount),
        Column("SellerRevCredit", "seller_credit", amount),
        Column("AWSRefFeeCredit", "fee_credit", amount),
        Column("Net Amount", "net", amount),
        Column("Transaction Reference ID", "reference"),
        Column("SellerUSSalesTax", "tax", amount),
        Column("SellerUSSalesTaxRefund", "tax_refund", amount),
        *CUSTOMER,
        *SOLUTION,
        *PAYER,
    ),
    tables=("market", "payouts", "paid_out", "amounts", "bills"),
)

-- Movements by transaction reference and by what they are for, in minor units, signed. What a
-- reseller owes for goods is taken off its revenue, as AWS has it.
amount AS (
  SELECT reference,
    coalesce(sum(amount) FILTER (WHERE type = 'SELLER_REV_SHARE'), 0) AS revenue,
    coalesce(sum(amount) FILTER (WHERE type = 'SELLER_REV_SHARE_COST'), 0) AS cost,
    coalesce(sum(amount) FILTER (WHERE type = 'AWS_REV_SHARE'), 0) AS fee,
    coalesce(sum(amount) FILTER (WHERE type = 'SELLER_REV_SHARE_REFUND'), 0) AS refund,
    coalesce(sum(amount) FILTER (WHERE type = 'SELLER_REV_SHARE_COST_REFUND'), 0) AS cost_refund,
    coalesce(sum(amount) FILTER (WHERE type = 'AWS_REV_SHARE_REFUND'), 0) AS fee_refund,
    coalesce(sum(amount) FILTER (WHERE type = 'SELLER_REV_SHARE_CREDIT'), 0) AS credit,
    coalesce(sum(amount) FILTER (WHERE type = 'SELLER_REV_SHARE_COST_CREDIT'), 0) AS cost_credit,
    coalesce(sum(amount) FILTER (WHERE type = 'AWS_REV_SHARE_CREDIT'), 0) AS fee_credit,
    coalesce(sum(amount) FILTER (WHERE type = 'SELLER_TAX_SHARE'), 0) AS tax,
    coalesce(sum(amount) FILTER (WHERE type = 'SELLER_TAX_SHARE_REFUND'), 0) AS tax_refund
  FROM movement GROUP BY reference
),

revenue AS (
  SELECT reference, revenue AS billed, cost + cost_refund + cost_credit AS cost,
    revenue + cost AS gross, fee, tax, tax_refund,
    refund + credit AS refunds, fee_refund + fee_credit AS fee_refunds,
    refund + credit + cost_refund + cost_credit AS gross_refunds,
    refund + cost_refund AS seller_refund, fee_refund, credit + cost_credit AS seller_credit,
    fee_credit,
    revenue + cost + fee + refund + cost_refund + fee_refund + credit + cost_credit + fee_credit
      AS net
  FROM amount
)

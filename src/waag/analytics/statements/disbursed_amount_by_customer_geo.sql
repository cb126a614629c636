SELECT paid_out.payout, paid_out.starts, paid_out.at, paid_out.amount, paid_out.currency,
  country, state, city, postal_code, sum(net) AS net, sum(net + tax + tax_refund) AS gross,
  sum(tax) AS tax, sum(tax_refund) AS tax_refund
FROM revenue
JOIN bill ON bill.reference = revenue.reference
JOIN paid_out ON paid_out.currency = bill.currency
GROUP BY paid_out.payout, paid_out.starts, paid_out.at, paid_out.amount, paid_out.currency,
  country, state, city, postal_code
ORDER BY paid_out.payout, country, state, city, postal_code

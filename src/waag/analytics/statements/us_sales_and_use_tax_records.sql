, taxed AS (
  SELECT line.charge AS line, line.reference, invoice.at, line.place, 0 AS refund, charge.amount,
    line.taxes, 1 AS sign
  FROM invoice
  JOIN invoice_item AS item ON item.invoice = invoice.id
  JOIN invoice_line AS line ON line.reference = item.reference
  JOIN charge ON charge.id = line.charge
  WHERE invoice.seller = :seller AND invoice.month = :month
  UNION ALL
  SELECT given.charge, given.reference, given.at, line.place, given.place, given.amount,
    given.taxes, -1
  FROM adjustment AS given
  JOIN invoice_item AS item ON item.reference = given.reference AND item.seller = :seller
  JOIN invoice_line AS line ON line.charge = given.charge
  WHERE given.at >= :starts AND given.at < :ends
)

SELECT bill.*, taxed.line, taxed.at, taxed.amount * sign AS price,
  (SELECT sum(value ->> 'amount') FROM json_each(taxed.taxes)) * sign AS total_tax,
  seller.account_name AS seller_name, 'Exclusive' AS taxability,
  CASE WHEN taxed.refund THEN 'REFUND' ELSE 'AWS' END AS transaction_type,
  levied.value ->> 'location_code' AS location_code, levied.value ->> 'type' AS tax_type,
  levied.value ->> 'level' AS level, levied.value ->> 'jurisdiction' AS jurisdiction,
  (levied.value ->> 'taxable') * sign AS taxable,
  (levied.value ->> 'nontaxable') * sign AS nontaxable, (levied.value ->> 'amount') * sign AS tax,
  levied.value ->> 'rate' AS rate, levied.value ->> 'reason' AS reason,
  levied.value -> 'exemption' ->> 'certificate_id' AS certificate_id,
  levied.value -> 'exemption' ->> 'certificate_domain' AS certificate_domain,
  levied.value -> 'exemption' ->> 'certificate_level' AS certificate_level,
  levied.value -> 'exemption' ->> 'code' AS exemption_code,
  levied.value -> 'exemption' ->> 'domain' AS exemption_domain,
  levied.value ->> 'liable' AS liable
FROM taxed
JOIN bill ON bill.reference = taxed.reference
JOIN account_then AS seller ON seller.account_id = bill.seller_id
JOIN json_each(taxed.taxes) AS levied
WHERE bill.country = 'US' AND levied.value ->> 'type' <> 'VAT'
ORDER BY bill.invoice, bill.reference, taxed.place, taxed.refund, levied.key

-- What a transaction reference stands for; the address is that of the invoice.
bill AS (
  SELECT item.reference, item.agreement, invoice.id AS invoice, invoice.month AS ar_period,
    invoice.at AS billed_at, invoice.due, invoice.currency, item.seller AS seller_id,
    buyer.account_id AS customer_id, buyer.email_domain,
    invoice.address ->> 'country' AS country, invoice.address ->> 'state' AS state,
    invoice.address ->> 'city' AS city, invoice.address ->> 'postal_code' AS postal_code,
    buyer.account_id || '/' || (invoice.address ->> 'country')
      || '/' || coalesce(invoice.address ->> 'state', '')
      || '/' || coalesce(invoice.address ->> 'city', '')
      || '/' || coalesce(invoice.address ->> 'postal_code', '') AS address,
    agreed.starts AS contract_starts, agreed.ends AS contract_ends, agreed.offer_id,
    agreed.visibility, agreed.opportunity, product_id, product_code, product_title,
    product_terms, coalesce(product_terms ->> 'tax_code', 'AWSMP_SOFTWARE_RA') AS tax_code,
    product_terms ->> 'solution_title' AS solution_title,
    product_terms ->> 'solution_id' AS solution_id
  FROM invoice_item AS item
  JOIN invoice ON invoice.id = item.invoice
  JOIN account_then AS buyer ON buyer.account_id = invoice.buyer
  JOIN agreement_then AS agreed ON agreed.agreement = item.agreement
  JOIN product_then ON product_then.product = item.product
)

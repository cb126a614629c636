SELECT sold.*, bought.dimension, bought.quantity,
  CASE WHEN sold.previous IS NULL THEN 'NEW' ELSE 'RENEW' END AS intent,
  before.offer_id AS previous_offer_id
FROM bought
JOIN sold ON sold.agreement = bought.agreement
LEFT JOIN agreement AS renewed ON renewed.id = sold.previous
LEFT JOIN agreement_life AS before ON before.number = renewed.number
WHERE sold.starts < :ends AND (sold.ends IS NULL OR sold.ends >= :ends)
ORDER BY product_code, customer_id, agreement_id, dimension

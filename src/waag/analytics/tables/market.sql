-- The market as it was before :then. Of an entry that was superseded since, the definition that
-- came after the last one superseded before then is told; `before` is it.

product_then AS (
  SELECT product.number AS product, product.id AS product_id, product.code AS product_code,
    product.type AS product_type, owner.id AS owner_id,
    coalesce(before.definition ->> 'title', product.title) AS product_title,
    CASE WHEN before.sequence IS NULL THEN terms.definition
      ELSE before.definition -> 'terms' END AS product_terms
  FROM product
  JOIN account AS owner ON owner.number = product.seller
  LEFT JOIN terms ON terms.kind = 'product' AND terms.subject = product.number
  LEFT JOIN superseded AS before ON before.sequence = (
    SELECT min(later.sequence) FROM superseded AS later
    WHERE later.kind = 'product' AND later.subject = product.number
      AND later.sequence > coalesce((
        SELECT max(earlier.sequence) FROM superseded AS earlier
        WHERE earlier.kind = 'product' AND earlier.subject = product.number
          AND earlier.until < :then
      ), 0)
  )
),

account_then AS (
  SELECT account.number AS account, account.id AS account_id,
    coalesce(before.definition ->> 'name', account.name) AS account_name,
    CASE WHEN before.sequence IS NULL THEN account.email_domain
      ELSE before.definition ->> 'email_domain' END AS email_domain,
    CASE WHEN before.sequence IS NULL THEN account.address
      ELSE before.definition -> 'address' END AS address
  FROM account
  LEFT JOIN superseded AS before ON before.sequence = (
    SELECT min(later.sequence) FROM superseded AS later
    WHERE later.kind = 'account' AND later.subject = account.number
      AND later.sequence > coalesce((
        SELECT max(earlier.sequence) FROM superseded AS earlier
        WHERE earlier.kind = 'account' AND earlier.subject = account.number
          AND earlier.until < :then
      ), 0)
  )
),

agreement_as_told AS (
  SELECT agreement.number AS agreement, agreement.id AS agreement_id, agreement.product,
    agreement.customer, before.sequence IS NULL AS latest, before.definition AS told,
    before.definition -> 'life' AS told_life, agreement.starts, agreement.ends,
    agreement.entitlements, terms.definition AS terms, life.status, life.offer, life.offer_id,
    life.accepted, life.previous
  FROM agreement
  LEFT JOIN agreement_life AS life ON life.number = agreement.number
  LEFT JOIN terms ON terms.kind = 'agreement' AND terms.subject = agreement.number
  LEFT JOIN superseded AS before ON before.sequence = (
    SELECT min(later.sequence) FROM superseded AS later
    WHERE later.kind = 'agreement' AND later.subject = agreement.number
      AND later.sequence > coalesce((
        SELECT max(earlier.sequence) FROM superseded AS earlier
        WHERE earlier.kind = 'agreement' AND earlier.subject = agreement.number
          AND earlier.until < :then
      ), 0)
  )
),

agreement_at AS (
  SELECT agreement, agreement_id, product, customer,
    CASE WHEN latest THEN starts ELSE told ->> 'starts' END AS starts,
    CASE WHEN latest THEN ends ELSE told ->> 'ends' END AS ends,
    CASE WHEN latest THEN entitlements ELSE told -> 'entitlements' END AS entitlements,
    CASE WHEN latest THEN terms ELSE told -> 'terms' END AS terms,
    CASE WHEN latest THEN status ELSE told_life ->> 'status' END AS status,
    CASE WHEN latest THEN offer ELSE told_life ->> 'offer' END AS offer,
    CASE WHEN latest THEN offer_id ELSE told_life ->> 'offer_id' END AS offer_id,
    CASE WHEN latest THEN coalesce(accepted, starts)
      ELSE coalesce(told_life ->> 'accepted', told ->> 'starts') END AS accepted,
    CASE WHEN latest THEN previous ELSE told_life ->> 'previous' END AS previous
  FROM agreement_as_told
),

agreement_then AS (
  SELECT agreement_at.*, terms ->> 'opportunity' AS opportunity,
    CASE WHEN offer = 'private' OR terms -> 'prices' IS NOT NULL
        OR terms -> 'payment_schedule' IS NOT NULL OR terms -> 'wholesale_rate' IS NOT NULL
      THEN 'Private' ELSE 'Public' END AS visibility
  FROM agreement_at
),

-- The agreements to a seller's products, and those in which it sells another's.
of_seller AS (
  SELECT agreement.number AS agreement
  FROM account JOIN product ON product.seller = account.number
  JOIN agreement ON agreement.product = product.number
  WHERE account.id = :seller
  UNION
  SELECT subject FROM terms WHERE kind = 'agreement' AND definition ->> 'reseller' = :seller
),

-- Each with its product and its customer, but those that never began since a payment failed. Kept is
-- the part of the price that the seller has of it.
sold AS (
  SELECT agreement_then.*, product_id, product_code, product_title, product_type, product_terms,
    coalesce(product_terms ->> 'currency', 'USD') AS currency,
    product_terms ->> 'solution_title' AS solution_title,
    product_terms ->> 'solution_id' AS solution_id,
    buyer.account_id AS customer_id, buyer.email_domain,
    buyer.address ->> 'country' AS country, buyer.address ->> 'state' AS state,
    buyer.address ->> 'city' AS city, buyer.address ->> 'postal_code' AS postal_code,
    buyer.account_id || '/' || (buyer.address ->> 'country')
      || '/' || coalesce(buyer.address ->> 'state', '')
      || '/' || coalesce(buyer.address ->> 'city', '')
      || '/' || coalesce(buyer.address ->> 'postal_code', '') AS address,
    terms ->> 'reseller' AS reseller_id, (
      SELECT account_name FROM account_then WHERE account_id = terms ->> 'reseller'
    ) AS reseller_name,
    CASE WHEN coalesce(terms ->> 'reseller', :seller) = :seller THEN '1'
      ELSE coalesce(terms ->> 'wholesale_rate', '0') END AS kept
  FROM of_seller
  JOIN agreement_then ON agreement_then.agreement = of_seller.agreement
  JOIN product_then ON product_then.product = agreement_then.product
  JOIN account_then AS buyer ON buyer.account = agreement_then.customer
  WHERE coalesce(status, '') <> 'failed'
)

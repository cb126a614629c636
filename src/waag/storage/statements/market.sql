-- Accounts, products, agreements, deals, enrollments: looked up and put.

-- principal: whose access key it is.
SELECT account.id, arn, access_key_id, secret, policy_documents, platform, region
FROM principal JOIN account ON account.number = principal.account
WHERE access_key_id = ?;

-- account: one account, a row for each of those who sign for it, as listed; one, if nobody does.
SELECT account.number, name, account.kind, address, email_domain, partner.definition,
  terms.definition, account.id, arn, access_key_id, secret, policy_documents, platform, region
FROM account
LEFT JOIN partner ON partner.account = account.number
LEFT JOIN principal ON principal.account = account.number
LEFT JOIN terms ON terms.kind = 'account' AND terms.subject = account.number
WHERE account.id = ?
ORDER BY place;

-- product: by its id.
SELECT * FROM product_in_full WHERE id = ? ORDER BY dimension;

-- product_by_code: by its product code.
SELECT * FROM product_in_full WHERE code = ? ORDER BY dimension;

-- agreement: by its id.
SELECT * FROM agreement_in_full WHERE id = ?;

-- agreement_by_license_arn: by the license it granted.
SELECT * FROM agreement_in_full WHERE license_arn = ?;

-- agreements_of: of a buyer to a product.
SELECT * FROM agreement_in_full WHERE product_id = ? AND buyer_id = ? ORDER BY number;

-- agreements_of_customer: to a product under a customer identifier.
SELECT * FROM agreement_in_full WHERE product_id = ? AND customer_identifier = ? ORDER BY number;

-- agreements_by_identifier: to any product under a customer identifier.
SELECT * FROM agreement_in_full WHERE customer_identifier = ? ORDER BY number;

-- entitled_agreements: to a product, that grant something, after a number.
SELECT * FROM agreement_in_full
WHERE product_id = ? AND number > ? AND entitlements <> '[]'
ORDER BY number LIMIT ?;

-- tax_rule: by its id.
SELECT definition FROM tax_rule WHERE id = ?;

-- deal: by its type and id.
SELECT definition FROM deal WHERE type = ? AND id = ?;

-- enrollment: of a seller.
SELECT definition FROM enrollment WHERE seller = ?;

-- numbers_taken: the highest of each kind.
SELECT
  (SELECT ifnull(max(number), 0) FROM account),
  (SELECT ifnull(max(number), 0) FROM product),
  (SELECT ifnull(max(number), 0) FROM dimension),
  (SELECT ifnull(max(number), 0) FROM agreement);

-- first_secret: one that the secret key has to open.
SELECT secret, access_key_id FROM principal ORDER BY account, place LIMIT 1;

-- put_account: add or change.
INSERT INTO account VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET
  name = excluded.name, address = excluded.address, email_domain = excluded.email_domain;

-- remove_partner: of one account, before what it is now is put.
DELETE FROM partner WHERE account = ?;

-- put_partner: what an account is in Partner Central.
INSERT INTO partner VALUES (?, ?);

-- remove_principals: of one account, before those that it lists now are put.
DELETE FROM principal WHERE account = ?;

-- put_principal: add.
INSERT INTO principal VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- put_product: add or change; id, code and seller do not change.
INSERT INTO product
SELECT ?, ?, ?, number, ?, ?, ?, ?, ? FROM account WHERE id = ?
ON CONFLICT (number) DO UPDATE SET
  title = excluded.title, type = excluded.type, integration = excluded.integration,
  regions = excluded.regions, fulfillment_url = excluded.fulfillment_url;

-- put_dimension: add or change.
INSERT INTO dimension VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET
  type = excluded.type, unit = excluded.unit, price = excluded.price, offered = excluded.offered;

-- put_agreement: add or change; who agreed to what, and since when, does not change, but an
-- identifier may be added.
INSERT INTO agreement
SELECT ?, ?, number, ?, ?, ?, ?, ?, ? FROM product WHERE id = ?
ON CONFLICT (number) DO UPDATE SET
  customer_identifier = excluded.customer_identifier, license_arn = excluded.license_arn,
  ends = excluded.ends, entitlements = excluded.entitlements;

-- put_deal: add or change.
INSERT INTO deal VALUES (?, ?, ?)
ON CONFLICT (type, id) DO UPDATE SET definition = excluded.definition;

-- put_enrollment: add or change.
INSERT INTO enrollment VALUES (?, ?)
ON CONFLICT (seller) DO UPDATE SET definition = excluded.definition;

-- put_terms: add or change.
INSERT INTO terms VALUES (?, ?, ?)
ON CONFLICT (kind, subject) DO UPDATE SET definition = excluded.definition;

-- remove_terms: of an entry that has the usual ones.
DELETE FROM terms WHERE kind = ? AND subject = ?;

-- put_tax_rule: add or change.
INSERT INTO tax_rule VALUES (?, ?)
ON CONFLICT (id) DO UPDATE SET definition = excluded.definition;

-- supersede: keep an entry as it was before a change.
INSERT INTO superseded (kind, subject, until, definition) VALUES (?, ?, ?, ?);

-- look_at_fees: of an agreement that has some, or had.
INSERT INTO due_work VALUES (1, ?, ?)
ON CONFLICT (rank, subject) DO UPDATE SET at = min(at, excluded.at);

-- Requests for data sets, support contacts, and sellers as data sets know them.

-- put_data_set_request: add to the queue.
INSERT INTO data_set_request (id, seller, type, request, status, attempts, retry_at)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- data_set_request: by its id.
SELECT number, request, status, attempts, retry_at, message, last_error, completed
FROM data_set_request WHERE id = ?;

-- data_set_requests: newest first, before a number.
SELECT number, request, status, attempts, retry_at, message, last_error, completed
FROM data_set_request
WHERE (:before IS NULL OR number < :before) AND (:type IS NULL OR type = :type)
  AND (:status IS NULL OR status = :status)
ORDER BY number DESC LIMIT :limit;

-- data_set_requests_of_seller: the same, of one seller.
SELECT number, request, status, attempts, retry_at, message, last_error, completed
FROM data_set_request
WHERE seller = :seller AND (:before IS NULL OR number < :before)
  AND (:type IS NULL OR type = :type) AND (:status IS NULL OR status = :status)
ORDER BY number DESC LIMIT :limit;

-- unsettled_data_set_requests: the oldest of each seller, those to be tried first in front.
SELECT number, request, status, attempts, retry_at, message, last_error, completed
FROM data_set_request
WHERE number IN (
  SELECT min(number) FROM data_set_request
  WHERE status IN ('pending', 'delivered', 'refused') GROUP BY seller
)
ORDER BY retry_at, number LIMIT ?;

-- proceed_data_set_request: how far it has come.
UPDATE data_set_request
SET status = ?, attempts = ?, retry_at = ?, message = ?, last_error = ?, completed = ?
WHERE number = ?;

-- put_support_contact: add, without changes yet.
INSERT INTO support_contact (guid, seller, agreement)
SELECT ?, product.seller, agreement.number
FROM agreement JOIN product ON product.number = agreement.product WHERE agreement.id = ?;

-- put_support_contact_change: append to the log of a contact.
INSERT INTO support_contact_change
SELECT number,
  (SELECT count(*) FROM support_contact_change WHERE contact = support_contact.number),
  ?, ?, ?
FROM support_contact WHERE guid = ?;

-- support_contact: one with all its changes, a row each.
SELECT * FROM support_contact_in_full WHERE guid = ? ORDER BY version;

-- support_contacts: by number, after one; a row for each change.
SELECT * FROM support_contact_in_full
WHERE number IN (
  SELECT number FROM support_contact WHERE number > :after ORDER BY number LIMIT :limit
)
ORDER BY number, version;

-- support_contacts_of_seller: the same, of a seller's products.
SELECT * FROM support_contact_in_full
WHERE number IN (
  SELECT number FROM support_contact
  WHERE seller = (SELECT number FROM account WHERE id = :seller) AND number > :after
  ORDER BY number LIMIT :limit
)
ORDER BY number, version;

-- support_contacts_of_agreement: the same, of an agreement.
SELECT * FROM support_contact_in_full
WHERE number IN (
  SELECT number FROM support_contact
  WHERE agreement = (SELECT number FROM agreement WHERE id = :agreement) AND number > :after
  ORDER BY number LIMIT :limit
)
ORDER BY number, version;

-- first_agreement_of_seller: when the earliest started.
SELECT min((SELECT min(starts) FROM agreement WHERE product = product.number))
FROM product JOIN account ON account.number = product.seller WHERE account.id = ?;

-- enrolled_sellers: by account.
SELECT seller FROM enrollment ORDER BY seller LIMIT ?;

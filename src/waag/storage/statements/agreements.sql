-- Agreements one after another, and their lives.

-- agreements_page: by number, after one.
SELECT * FROM agreement_in_full WHERE number > :after ORDER BY number LIMIT :limit;

-- agreements_page_of_product: the same, to a product.
SELECT * FROM agreement_in_full
WHERE product_id = :product AND number > :after ORDER BY number LIMIT :limit;

-- agreements_page_of_buyer: the same, of a buyer.
SELECT * FROM agreement_in_full
WHERE buyer_id = :buyer AND (:product IS NULL OR product_id = :product) AND number > :after
ORDER BY number LIMIT :limit;

-- agreements_expiring: those that the clock has to end, in the order in which they end.
SELECT agreement.id FROM agreement_life JOIN agreement USING (number)
WHERE expires <= ? ORDER BY expires, number LIMIT ?;

-- next_instant: when the next agreement expires, and the next event falls due.
SELECT
  (SELECT min(expires) FROM agreement_life WHERE expires IS NOT NULL),
  (SELECT min(due) FROM event WHERE status = 'pending');

-- remove_life: of an agreement, before it is put as it is now.
DELETE FROM agreement_life WHERE number = ?;

-- put_life: add.
INSERT INTO agreement_life VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

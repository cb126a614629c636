-- buyers_page: by number, after one.
SELECT id FROM account WHERE number > ? AND kind = 'buyer' ORDER BY number LIMIT ?;

-- products_page: by number, after one.
SELECT id FROM product WHERE number > ? ORDER BY number LIMIT ?;

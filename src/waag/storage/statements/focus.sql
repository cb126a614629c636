-- What was charged and given back in a month, with what it belongs to.

-- focus_charges: of the books of a month, after a place, of one buyer or seller if it is given.
SELECT charge.*, ifnull(line.taxes, '[]'), item.invoice, buyer.id
FROM charge
JOIN agreement ON agreement.number = charge.agreement
JOIN product ON product.number = agreement.product
JOIN account AS buyer ON buyer.number = charge.customer
JOIN account AS seller ON seller.number = product.seller
LEFT JOIN invoice_line AS line ON line.charge = charge.id
LEFT JOIN invoice_item AS item ON item.reference = line.reference
WHERE charge.month = :month AND (charge.customer, charge.id) > (:customer, :id)
  AND (:account IS NULL OR :account IN (buyer.id, seller.id, item.seller))
ORDER BY charge.customer, charge.id LIMIT :limit;

-- focus_adjustments: given in a month, after a place, of one buyer or seller if it is given.
SELECT adjustment.*, charge.*, line.taxes, item.invoice, buyer.id
FROM adjustment
JOIN charge ON charge.id = adjustment.charge
JOIN invoice_line AS line ON line.charge = charge.id
JOIN invoice_item AS item ON item.reference = line.reference
JOIN account AS buyer ON buyer.number = charge.customer
WHERE adjustment.at >= :since AND adjustment.at < :until
  AND (adjustment.at, adjustment.id) > (:at, :id)
  AND (:account IS NULL OR :account IN (buyer.id, item.seller, item.supplier))
ORDER BY adjustment.at, adjustment.id LIMIT :limit;

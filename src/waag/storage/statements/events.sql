-- The outbox.

-- events: in order of due time, after a place.
SELECT * FROM event_in_full
WHERE (due, number) > (:due, :number)
  AND (:product IS NULL OR product_id = :product) AND (:status IS NULL OR status = :status)
ORDER BY due, number LIMIT :limit;

-- events_of_agreement: the same, of one agreement.
SELECT * FROM event_in_full
WHERE agreement = (SELECT number FROM agreement WHERE id = :agreement)
  AND (due, number) > (:due, :number)
  AND (:product IS NULL OR product_id = :product) AND (:status IS NULL OR status = :status)
ORDER BY due, number LIMIT :limit;

-- due_events: those to be delivered next.
SELECT * FROM event_in_full WHERE status = 'due' ORDER BY due, number LIMIT ?;

-- put_event_sent: one was taken.
UPDATE event SET status = 'sent', attempts = attempts + 1, last_error = NULL WHERE number = ?;

-- put_event: add.
INSERT INTO event (id, agreement, account, due, target, name, topic, content, status, attempts)
SELECT ?, number, ?, ?, ?, ?, ?, ?, 'pending', 0 FROM agreement WHERE id = ?;

-- withdraw_event: those of a name that were to come after an instant.
DELETE FROM event
WHERE agreement = (SELECT number FROM agreement WHERE id = ?) AND name = ? AND due > ?
  AND status = 'pending';

-- fall_due: every event whose time has come.
UPDATE event SET status = 'due' WHERE status = 'pending' AND due <= ?;

-- resend_event: one that was sent or given up is due once more; a row comes back if it was.
UPDATE event SET status = 'due', attempts = 0, last_error = NULL
WHERE id = ? AND status IN ('sent', 'failed') RETURNING number;

-- event: by its id.
SELECT * FROM event_in_full WHERE id = :id;

-- settle_event: what became of an attempt that failed.
UPDATE event SET status = ?, attempts = ?, last_error = ? WHERE number = ?;

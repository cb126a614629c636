-- Enrollments that the embedded AWS has seen to.

-- not_enrolled: those of the market that are new, or other than they were.
SELECT enrollment.definition FROM enrollment LEFT JOIN enrolled USING (seller)
WHERE enrolled.definition IS NOT enrollment.definition ORDER BY seller;

-- put_enrolled: add or change.
INSERT INTO enrolled VALUES (?, ?)
ON CONFLICT (seller) DO UPDATE SET definition = excluded.definition;

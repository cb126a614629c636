-- Registration tokens of one use.

-- use_token: a row comes back if it was not used before.
INSERT INTO used_token VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING used_at;

-- token_used: when it was.
SELECT used_at FROM used_token WHERE token = ?;

-- The setting of the clock.

-- clock: its setting.
SELECT mode, value FROM clock;

-- put_clock: keep its setting.
INSERT INTO clock VALUES (1, ?, ?)
ON CONFLICT (id) DO UPDATE SET mode = excluded.mode, value = excluded.value;

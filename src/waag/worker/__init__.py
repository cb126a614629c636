"""Work that nobody waits for: what the clock brings settled, events delivered."""

"""Rules as values: no I/O, no clock, no randomness, no logging."""

"""The ledger and the stores on SQLite."""

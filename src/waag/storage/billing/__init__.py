"""The books on SQLite: written a booking at a time, read beside the writer."""

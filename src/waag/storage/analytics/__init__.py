"""Requests for data sets, and support contacts, on SQLite."""

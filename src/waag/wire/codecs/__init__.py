"""Formats: bytes to values and back, led by the shapes. They know nothing of HTTP."""

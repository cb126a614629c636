"""Builds the program from its settings; the only room that names adapters.

A server is one keeper, which has the data directory, and fronts, which take requests. Both may be
in one process, or each in its own; they are built the same, and speak over the same links.
"""

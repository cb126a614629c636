"""Revenue measurement: a function for each operation.

Each reads what there is, decides by the rules in `waag.domain.attribution`, and writes in one
transaction, which decides whether what was read still holds.
"""

"""The marketplace's books as rules: from accepted usage and agreed terms to money paid out.

    usage ─ rating ─┐
                    ├─> charges ─ invoicing ─> invoices ─ collection ─> paid ─ disbursement
    terms ─ fees ───┘                             └── adjustments: refunds, credits

Each step is a function from values to values; what it books is a `ledger.Transaction`, which
balances. Nothing here reads a store or a clock.
"""

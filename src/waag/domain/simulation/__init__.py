"""A made-up year of business as a plan: who signs up, for what, how they use it, and how they pay.

    chances ─> buyers, products ─> lives ─> plan        what is done at which instant
                                     └────> usage       how much is used in which hour

Everything follows from a source of numbers that is handed in, so that the same numbers make the
same plan. Nothing here is done to a server: that is the service's.
"""

"""Data sets: which there are, who may ask for them and when, and what is delivered where.

What stands in the rows of a data set is not this package's concern, but for support contacts.
"""

"""Revenue measurement: what a partner attributes to deals, and the rules it follows.

An attribution belongs to an account and one of its catalogs, and so does everything else here
(`identifiers.Scope`); the two catalogs have nothing in common. Nothing is ever removed: each change
makes a new revision, and all revisions stay.
"""

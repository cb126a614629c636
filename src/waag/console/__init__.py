"""A customer's browser: the storefront where a buyer subscribes, and a sample landing page.

Pages rendered here over the services; nothing else in Waag answers HTML. They are a test market's:
whoever opens them is whichever buyer they choose (docs/decisions/0016).
"""

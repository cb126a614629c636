"""What leaves: data sets as exact CSV bytes into sellers' buckets, events to whoever takes them.

When something is delivered, and what is told of it, is the inside's concern.
"""

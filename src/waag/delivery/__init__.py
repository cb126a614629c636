"""Data sets on their way: exact CSV bytes, and sellers' buckets and topics under assumed roles.

When something is delivered, and what is told of it, is the inside's concern.
"""

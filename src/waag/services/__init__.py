"""A function per operation; one request is one transaction."""

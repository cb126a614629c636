"""Waag speaks the AWS Marketplace seller APIs over a durable ledger.

The rooms, and which way imports may go between them, are described in ARCHITECTURE.md and held
by the import contracts in pyproject.toml.
"""

__version__ = "0.1.0"

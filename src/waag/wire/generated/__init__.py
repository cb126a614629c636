"""Request and response structs, written by tools/codegen.py. Never edited."""

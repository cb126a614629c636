"""Between generated wire structs and the domain: `from_wire_*` and `to_wire_*`."""

"""Revenue measurement on SQLite: the ports of `waag.ports.attribution`."""

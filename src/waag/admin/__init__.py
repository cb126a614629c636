"""The operator's JSON API, health and readiness."""

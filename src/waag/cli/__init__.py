"""Commands: each talks to a running server over the admin API, or starts one."""

"""The processes that a server is made of: who starts them, who watches them, how they end."""

GRACE_SECONDS = 30
"""How long requests in flight may take to finish once the server is told to stop."""

READY = "/ready"
"""What the keeper asks a front once; it is answered as soon as the front serves."""

STRIKE = "STRIKE"
"""As what a front asks the keeper which planned fault strikes a call, both ways in MessagePack: no
method of HTTP's, so that nothing from outside can be taken for it."""

PACE = "PACE"
"""The same, which quota a call is too fast for."""

CALLS = "/calls"
"""What the keeper asks a front for: its latest calls, so many, in MessagePack."""

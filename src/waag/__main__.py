"""`python -m waag`: the command `waag`."""

from waag.cli import main

main()

"""`python -m messango` is the same program as `messango`."""

from messango.cli import main

main(prog_name="messango")

"""`python -m messango` is the same program as `messango`."""

from messango.cli.main import main

main(prog_name="messango")

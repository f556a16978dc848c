"""The program: `messango` and `python -m messango`."""

from __future__ import annotations

import os
from typing import NoReturn

from messango.signals import end_without_words


def main() -> NoReturn:
    """Run the program, and end the process with its exit status."""
    # The imports take a moment, and there is nothing to say goodbye to yet.
    end_without_words()
    from messango.cli.program import run

    status = run()
    # All is closed and written. What may still run is a thread that waits for a name server, for example:
    # the interpreter would wait for it too, or tear down what it uses.
    os._exit(status)


if __name__ == "__main__":
    main()

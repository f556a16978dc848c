"""The program: `messango` and `python -m messango`."""

from __future__ import annotations

import os
import signal

# Until the program can say goodbye, Ctrl-C ends it without a traceback: the imports take a moment.
signal.signal(signal.SIGINT, signal.SIG_DFL)


def main() -> None:
    """Run the program, and end the process with its exit status."""
    from messango.cli.program import run

    status = run()
    # All is closed and written. What may still run is a thread that waits for a name server, for example:
    # the interpreter would wait for it too, or tear down what it uses.
    os._exit(status)


if __name__ == "__main__":
    main()

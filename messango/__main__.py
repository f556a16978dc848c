"""The program: `messango` and `python -m messango`."""

from __future__ import annotations

import sys

from messango.signals import end_without_words


def main() -> int:
    """Run the program and return its exit status."""
    # The imports take a moment, and there is nothing to say goodbye to yet.
    end_without_words()
    from messango.cli.program import run

    return run()


if __name__ == "__main__":
    sys.exit(main())

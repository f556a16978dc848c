"""Puts the reason that the doctor recognizes into an error about a room that was not found or not reached."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from messango.errors import MessangoError, RoomNotFound, Unreachable


@contextlib.contextmanager
def network_reasons() -> Iterator[None]:
    """Let what happens inside end with the recognized reason, if there is one."""
    try:
        yield
    except (RoomNotFound, Unreachable) as error:
        add_network_reason(error)
        raise


def add_network_reason(error: MessangoError) -> None:
    """Put the recognized reason into an error; takes no longer than a moment."""
    from messango.doctor.recognize import add_reason  # Only after a failure: it loads much.

    add_reason(error)

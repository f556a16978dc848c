"""How a terminal shows that it is gone: its window was closed, or the connection to it broke."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from prompt_toolkit.input import Input

_GONE: Final = frozenset({errno.EIO, errno.ENXIO, errno.EBADF, errno.EPIPE, errno.ENOTTY, errno.ENODEV})


def is_terminal_gone(error: BaseException | None) -> bool:
    """Return true for an error of reading from, writing to or setting a terminal that is gone."""
    if isinstance(error, _terminal_errors()):
        return not _GONE.isdisjoint(error.args[:1])
    return isinstance(error, EOFError)


def _terminal_errors() -> tuple[type[Exception], ...]:
    if sys.platform == "win32":
        return (OSError,)
    import termios

    return (OSError, termios.error)


def end_input_at_read_error(source: Input) -> None:
    """Make prompt_toolkit's input end when it can't be read any more, instead of trying again for ever.

    A process whose shell has gone may not read from the terminal, and there is no shell to give it back
    (POSIX: EIO for an orphaned process group).
    """
    if sys.platform == "win32":
        return
    from prompt_toolkit.input.posix_utils import PosixStdinReader
    from prompt_toolkit.input.vt100 import Vt100Input

    class Reader(PosixStdinReader):
        def read(self, count: int = 1024) -> str:
            text = super().read(count)
            # No text may also be half a character.
            if not text and _is_unreadable(self.stdin_fd):
                self.closed = True
            return text

    if isinstance(source, Vt100Input):
        source.stdin_reader = Reader(source.fileno(), encoding=source.stdin.encoding)


def _is_unreadable(descriptor: int) -> bool:
    """Return true if the terminal belongs to another job, or to none any more."""
    if sys.platform == "win32":
        return False
    try:
        return os.tcgetpgrp(descriptor) != os.getpgrp()
    except OSError as error:
        return error.errno == errno.EIO

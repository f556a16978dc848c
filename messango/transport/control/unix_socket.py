"""Unix sockets in a folder of any length.

The system allows 103 bytes for the path of a socket on macOS and 107 on Linux (`sun_path` in unix(7)), and a
folder's path can be longer. Then a link in a temporary folder of our own leads there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: Fits into `sun_path` with the zero byte at its end, on every system.
_MAX_PATH_BYTES: Final = 103

#: Clients that wait for a thread of the server's.
_BACKLOG: Final = 128


def listen_at(path: Path) -> socket.socket:
    """Return a socket that listens at `path`, for its owner only; raises `OSError`.

    The folder has to be private: until the mode is set, only the folder keeps others away.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _short_path(path) as short:
            sock.bind(short)
        path.chmod(0o600)
        sock.listen(_BACKLOG)
    except BaseException:
        sock.close()
        raise
    return sock


def connect_to(path: Path, timeout_s: float) -> socket.socket:
    """Return a socket that is connected to the one at `path`; raises `TimeoutError` or another `OSError`."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout_s)
        with _short_path(path) as short:
            sock.connect(short)
    except BaseException:
        sock.close()
        raise
    return sock


@contextlib.contextmanager
def _short_path(path: Path) -> Iterator[str]:
    """Yield a path to the same file that fits into the address of a socket; raises `OSError`."""
    if len(os.fsencode(path)) <= _MAX_PATH_BYTES:
        yield str(path)
        return
    with contextlib.ExitStack() as resources:
        try:
            folder = resources.enter_context(tempfile.TemporaryDirectory(prefix="mg"))  # for its owner only
            link = Path(folder, "h")
            link.symlink_to(path.absolute().parent, target_is_directory=True)
        except OSError as error:
            # Not as it is: the file of the socket may well exist.
            reason = f"its path is too long, and a link to it can't be made: {error.strerror or error}"
            raise OSError(errno.ENAMETOOLONG, reason) from error
        if len(os.fsencode(link / path.name)) > _MAX_PATH_BYTES:
            raise OSError(errno.ENAMETOOLONG, "its path is too long, and that of TMPDIR too")
        yield str(link / path.name)

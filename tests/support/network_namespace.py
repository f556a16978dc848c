"""A separate network namespace for the test run, without the rooms of other runs and programs."""

from __future__ import annotations

import ctypes
import os
import sys

_CLONE_NEWNET = 0x40000000


def move_to_own_network() -> bool:
    """Move this process to a network namespace with only a loopback; return whether that worked.

    Needs Linux and root; elsewhere the tests share the machine's loopback with other programs. Call it
    before the process has other threads.
    """
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET) != 0:
        return False
    _loopback_up()
    return True


def _loopback_up() -> None:
    import fcntl
    import socket
    import struct

    set_flags, up, running = 0x8914, 0x1, 0x40
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", up | running))

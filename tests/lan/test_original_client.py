"""The original client on a machine of its own."""

from __future__ import annotations

import sys

import pytest

from tests.lan.lan import Lan
from tests.lan.rooms import Member, open_room

pytestmark = pytest.mark.lan

#: Sends its name, and from then on only prints what it receives.
_LISTENS = """
import socket, sys
sock = socket.create_connection((sys.argv[1], 8000))
sock.sendall(b"joined:Ann")
while data := sock.recv(256):
    print(data.decode(), end="", flush=True)
"""


def test_an_unplugged_cable_frees_its_seat(lan: Lan) -> None:
    """Frames can't ping it, so TCP does: it does not keep its seat for hours."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4", "--allow-plaintext", "--port", "8000")
    ben = Member(h3, "Table 4", "Ben")
    ann = h2.start([sys.executable, "-u", "-c", _LISTENS, h1.address])
    ann.out.wait_for("You are in “Table 4” as Ann, with Ben")
    joined = ben.await_event(event="joined")
    assert (joined["name"], joined["encrypted"]) == ("Ann", False)
    lan.disconnect(h2)
    left = ben.await_event(event="left")
    assert (left["name"], left["reason"]) == ("Ann", "connection-broke")
    assert ben.leave() == 0

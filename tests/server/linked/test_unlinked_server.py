"""A server that is not linked pays nothing for those that are."""

from __future__ import annotations

import subprocess
import sys

#: Opens a room and closes it; prints what was loaded by then of the parts for linked rooms.
_PROGRAM = """
import sys
from messango.server.server import Server
from messango.server.server_options import ServerOptions
server = Server(ServerOptions("Office", host="127.0.0.1", port=0))
server.open()
server.close()
linked = ("messango.link", "messango.room.linked", "messango.server.linked", "nats", "asyncio")
print(*(name for name in sys.modules if name.startswith(linked)))
"""


def test_a_server_that_is_not_linked_loads_nothing_of_the_link() -> None:
    """nats-py and asyncio take 100 ms, and all of it takes memory."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == []

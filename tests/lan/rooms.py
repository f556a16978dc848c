"""Rooms and members on the hosts of a LAN."""

from __future__ import annotations

import json
from typing import Any

from tests.lan.lan import Host, messango
from tests.lan.process import Process


def open_room(host: Host, name: str, *options: str) -> Process:
    """Open a room on this host, and return its server once it listens."""
    server = host.start(messango("server", "--name", name, *options))
    server.out.wait_for("Ctrl-C closes the room")
    return server


def discover(host: Host, *options: str) -> list[dict[str, Any]]:
    """Return the rooms that `discover` finds from this host; none if it reports none."""
    done = host.run(messango("discover", "--json", *options))
    assert done.returncode in (0, 3), done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


class Member:
    """A member of a room: a `chat --json` that a test controls."""

    def __init__(self, host: Host, room: str, name: str, *options: str) -> None:
        self.process = host.start(messango("chat", room, "--name", name, "--json", *options))
        self.entered = self.process.out.wait_for_json(event="entered")

    def send_message(self, text: str) -> None:
        """Send a message."""
        self.process.write_line(json.dumps({"text": text}))

    def await_event(self, **fields: Any) -> dict[str, Any]:
        """Return the next event that has these fields."""
        return self.process.out.wait_for_json(**fields)

    def leave(self) -> int:
        """Leave, and return the exit status."""
        self.process.close_input()
        return self.process.wait()

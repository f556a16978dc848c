"""The servers and the members of a linked room, as processes on hosts of the LAN."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Final

from tests.lan.faults.actors import PORT, ChatMember, RoomServer
from tests.lan.lan import Host, messango
from tests.lan.linked.record import GHOST_AFTER_S, LinkedRecord

#: All members may gather at one server while the others are away.
_SEATS: Final = "20"

_COPY: Final = """
import sqlite3, sys
source, target = map(sqlite3.connect, sys.argv[1:])
source.backup(target)
"""
_OLDER_COPY: Final = "older-copy.sqlite"

#: The last of what a server prints before members can join.
_OPEN: Final = "Ctrl-C closes the room"

#: Between what a member sends.
_PAUSE_S: Final = (0.15, 0.6)

#: Of what a member sends, every so often something else than a message.
_REACTS_ONCE_IN: Final = 8
_TELLS_ONCE_IN: Final = 11
_RENAMES_ONCE_IN: Final = 30


class LinkedServer(RoomServer):
    """One of the servers, restarted as needed."""

    def __init__(self, host: Host, record: LinkedRecord, link_file: Path) -> None:
        super().__init__(host, record, host.name, ("--link", str(link_file), "--max-clients", _SEATS))

    @property
    def address(self) -> str:
        """Where members join."""
        return f"{self.host.address}:{PORT}"

    @property
    def is_open(self) -> bool:
        """Whether members can join."""
        return _OPEN in self.process.out.text_so_far()

    def copy_history(self) -> None:
        """Put a copy of the history aside."""
        path = self.disk.path / _OLDER_COPY
        path.unlink(missing_ok=True)
        self.run_python(_COPY, str(self.host.home / _OLDER_COPY))

    def roll_back(self) -> None:
        """Kill it, and bring back the copy of its history."""
        self.kill()
        history = self.history
        for suffix in ("-wal", "-shm"):
            history.with_name(history.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.disk.path / _OLDER_COPY, history)

    def command(self, *words: str) -> str:
        """Run `messango host` there; return what it says is wrong, or nothing."""
        done = self.host.run([*self.disk.inside, *messango("host", *words)])
        return "" if done.returncode == 0 else done.stdout + done.stderr


class LinkedMember(ChatMember):
    """A member who talks, reacts and takes other names; each run is at a server of its own choice."""

    def __init__(self, host: Host, name: str, record: LinkedRecord, seed: int) -> None:
        super().__init__(host, name, record, seed, proxied=False)
        self._linked_record = record
        #: What there is to react to, and the public ids of those who were there when this one came.
        self._latest_seq = 0
        self._others: list[str] = []

    def join_at(self, address: str, name: str = "") -> None:
        """Start a client that joins at this server, under another name than usual if there is one."""
        self.room, self.wanted_name = address, name or self.name
        self.join()

    def kill(self) -> None:
        super().kill()
        self._linked_record.runs[self.label].ghost_after_s = GHOST_AFTER_S

    def end_unkilled(self) -> None:
        """Send nothing more, and wait until its client has ended by itself."""
        self.stop_sending()
        self.process.close_input()
        self.process.wait()

    def _pause_s(self) -> float:
        # Nobody is ever quiet for long: a fault is over when everybody has said something more.
        return self._rng.uniform(*_PAUSE_S)

    def _send(self, label: str, number: int) -> None:
        if number % _RENAMES_ONCE_IN == 0:
            # Nobody else has ever had it.
            self._write(rename=f"{self.name} {self.runs}.{number}")
        if number % _REACTS_ONCE_IN == 0 and self._latest_seq:
            self._ask(label, react=self._latest_seq, emoji="♥")
        if number % _TELLS_ONCE_IN == 0 and self._others:
            self._ask(label, tell=self._rng.choice(self._others), text=f"{label} whispers {number}")
        super()._send(label, number)

    def _ask(self, label: str, **fields: Any) -> None:
        """Send a request that has an answer, if only that it can't be done."""
        self._write(lambda line: self._linked_record.request_sent(label, line), **fields)

    def _handle(self, label: str, line: str) -> None:
        event = json.loads(line)
        if event["event"] == "message":
            self._latest_seq = event["seq"]
        elif event["event"] == "entered":
            self._others = [one["id"] for one in event["people"] if one["name"] != event["you"]]
        super()._handle(label, line)

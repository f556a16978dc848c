"""A member in a process of its own, with the client that people use.

It shares and gets files as the lines on its standard input say, and answers each by its figures.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any, Final

import click

from messango.client.events import ClientEvent, FileFailed, FileSaved, MessageReceived, RoomJoined
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.room_client import RoomClient
from messango.client.trust.known_rooms import KnownRooms
from messango.protocol.frames import FileInfo
from messango.transport.addresses import Address

_TIMEOUT_S: Final = 600.0


class Member:
    """A client in the room, and the files that it has seen there."""

    def __init__(self, port: int, name: str, home: Path) -> None:
        self._client = RoomClient(
            [Address("127.0.0.1", port)], name, known_rooms=KnownRooms(home / f"{name}.json")
        )
        self._client.start()
        while not isinstance(self._next(), RoomJoined):
            pass

    def _next(self) -> ClientEvent:
        event = self._client.events.get(timeout=_TIMEOUT_S)
        if isinstance(event, FileFailed):
            raise RuntimeError(f"{event.reason} {event.hint}")
        return event

    def put(self, paths: list[str]) -> list[dict[str, Any]]:
        """Share all files; return them as soon as the last is announced."""
        waiting = {self._client.share_file(OutgoingFile(Path(path).name, Path(path))) for path in paths}
        files = []
        while waiting:
            event = self._next()
            if isinstance(event, MessageReceived) and event.own and event.file is not None:
                waiting.discard(event.id)
                file = event.file
                files.append({"id": file.id, "name": file.name, "size": file.size, "sha256": file.sha256})
        return files

    def get(self, files: list[dict[str, Any]], folder: str) -> list[str]:
        """Get all files; return where they are."""
        waiting = {self._client.fetch_file(FileInfo(**file), folder=Path(folder)) for file in files}
        paths = []
        while waiting:
            event = self._next()
            if isinstance(event, FileSaved):
                waiting.discard(event.id)
                paths.append(str(event.path))
        return paths

    def leave(self) -> None:
        """Leave the room."""
        self._client.leave()
        self._client.join_thread(_TIMEOUT_S)


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@click.command()
@click.argument("port", type=int)
@click.argument("name")
def main(port: int, name: str) -> None:
    """Answer `{"do": "put", "paths": []}` and `{"do": "get", "files": [], "folder": ""}`."""
    member = Member(port, name, Path(os.environ["MESSANGO_HOME"]))
    click.echo("{}")
    for line in sys.stdin:
        request = json.loads(line)
        what, cpu_s, begun_s = request.pop("do"), _cpu_s(), time.perf_counter()
        done = member.put(**request) if what == "put" else member.get(**request)
        seconds = time.perf_counter() - begun_s
        click.echo(json.dumps({"seconds": seconds, "cpu_s": _cpu_s() - cpu_s, "done": done}))
    member.leave()


if __name__ == "__main__":
    main()

"""What a person at a terminal can do when the host has closed the room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from messango.app.export import FORMATS
from messango.app.join import client_of, find_known
from messango.app.rehost import host_on, messages
from messango.client.known_rooms import KnownRooms
from messango.client.message_log import Record
from messango.client.room_client import RoomClient
from messango.errors import RoomClosed, RoomNotFound
from messango.protocol.error_codes import CLOSING
from messango.protocol.escaping import safe_line
from messango.protocol.frames import RoomInfo
from messango.protocol.password import Password

#: Somebody who waits for the room to open again waits for a coffee break, not for the next day.
_WAIT_S: Final = 900.0

_FORMAT_OF: Final = {".txt": "text", ".md": "markdown", ".jsonl": "json"}

_OFFER: Final = "[k]eep the conversation, [h]ost the room on, [w]ait until it is open again, Enter to end"

Talk = Callable[[RoomClient, Record], int]


def talk_on(client: RoomClient, talk: Talk) -> int:
    """Talk, and offer what can be done when the host closes the room; returns the exit status.

    Raises what `talk` raises for any other end.
    """
    record = Record()
    try:
        return talk(client, record)
    except RoomClosed as error:
        if error.code != CLOSING or record.room is None:
            raise
        click.echo(safe_line(str(error)), err=True)
        return _offer(error, record, record.room, client.password, talk)


def _offer(error: RoomClosed, record: Record, room: RoomInfo, password: Password | None, talk: Talk) -> int:
    while True:
        choice = click.prompt(_OFFER, default="", show_default=False, err=True).strip().lower()[:1]
        try:
            if choice == "k":
                _keep(room, record)
            elif choice == "h":
                return _host_on(room, record, password, talk)
            elif choice == "w":
                return talk_on(_wait_for(room, record.you, password), talk)
            elif not choice:
                raise error
        except (RoomNotFound, OSError) as failure:
            click.echo(f"messango: {safe_line(str(failure))}", err=True)


def _keep(room: RoomInfo, record: Record) -> None:
    """Save what was heard; a file that exists is left as it is."""
    name = "".join(character if character.isalnum() else "-" for character in room.name)
    path = Path(click.prompt("File (.md, .txt or .jsonl)", default=f"{name}.md", err=True)).expanduser()
    export = FORMATS[_FORMAT_OF.get(path.suffix.lower(), "text")]
    with path.open("x", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in export(room.name, messages(record.heard)))
    click.echo(f"Kept in {path}.", err=True)


def _host_on(room: RoomInfo, record: Record, password: Password | None, talk: Talk) -> int:
    with host_on(room, record.heard, password) as hosting:
        click.echo("You host the room now: it closes for everybody when you leave.", err=True)
        client = RoomClient(hosting.addresses, record.you, known_rooms=KnownRooms.load(), password=password)
        return talk(client, Record())


def _wait_for(room: RoomInfo, name: str, password: Password | None) -> RoomClient:
    click.echo(f"Waiting for “{safe_line(room.name)}”; Ctrl-C ends.", err=True)
    known_rooms = KnownRooms.load()
    found = find_known(room.name, known_rooms, timeout_s=_WAIT_S)
    return client_of(found, name, known_rooms, password=password, asks_password=True)

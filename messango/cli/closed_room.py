"""What a person at a terminal can do when the host has closed the room: save, rehost, wait."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from messango.app.export import save_conversation, suggested_file_name
from messango.app.find_room import find_known_room
from messango.app.join import client_for_room
from messango.app.rehost import rehost
from messango.cli.standard_streams import write_error
from messango.client.message_log import MessageLog
from messango.client.room_client import RoomClient
from messango.client.trust.known_rooms import KnownRooms
from messango.discovery.searching.name_lookup import AmbiguousName
from messango.errors import RoomClosed, RoomInUse, RoomNotFound, SaveFailed
from messango.protocol.error_codes import CLOSING
from messango.protocol.frames import RoomInfo
from messango.protocol.text.plain_names import quoted_name

#: A person waits for a room to open again through a coffee break, not until the next day.
_REOPEN_TIMEOUT_S: Final = 900.0

_MENU_PROMPT: Final = (
    "[s]ave the conversation, [h]ost the room yourself, [w]ait until it is open again, or Enter to end"
)

RunChat = Callable[[RoomClient, MessageLog], int]


def chat_until_closed(client: RoomClient, run_chat: RunChat) -> int:
    """Run a chat, then offer the menu if the host closes the room; returns the exit status.

    Raises what `run_chat` raises for any other end.
    """
    message_log = MessageLog()
    try:
        return run_chat(client, message_log)
    except RoomClosed as error:
        if error.code != CLOSING or message_log.room is None:
            raise
        write_error(str(error))
        return _room_closed_menu(error, message_log, message_log.room, client, run_chat)


def _room_closed_menu(
    error: RoomClosed, message_log: MessageLog, room: RoomInfo, client: RoomClient, run_chat: RunChat
) -> int:
    while True:
        choice = click.prompt(_MENU_PROMPT, default="", show_default=False, err=True).strip().lower()[:1]
        try:
            if choice == "s":
                _save(room, message_log)
            elif choice == "h":
                return _rehost(room, message_log, client, run_chat)
            elif choice == "w":
                return chat_until_closed(_wait_until_reopened(room, client), run_chat)
            elif not choice:
                raise error
        except (RoomInUse, RoomNotFound, SaveFailed) as failure:
            write_error(str(failure))


def _save(room: RoomInfo, message_log: MessageLog) -> None:
    """Ask for a file and save the conversation; an existing file is left as it is."""
    default = f"{suggested_file_name(room.name)}.md"
    typed = click.prompt("File (.md, .txt or .jsonl)", default=default, err=True)
    path = Path(os.path.expanduser(typed))  # noqa: PTH111 (Path.expanduser raises for an unknown user)
    save_conversation(path, room.name, message_log.messages, overwrite=False)
    click.echo(f"Saved in {path}.", err=True)


def _rehost(room: RoomInfo, message_log: MessageLog, former: RoomClient, run_chat: RunChat) -> int:
    with rehost(room, message_log.messages, former.password) as hosted_room:
        click.echo("You are the host now: when you leave, the room closes for everybody.", err=True)
        for warning in hosted_room.opening_warnings():
            write_error(warning)
        server = hosted_room.server
        client = RoomClient(
            hosted_room.addresses,
            former.name,
            known_rooms=KnownRooms.load(),
            fingerprint=server.fingerprint,
            room_id=server.room_info().id,
            password=former.password,
        )
        return run_chat(client, MessageLog())


def _wait_until_reopened(room: RoomInfo, former: RoomClient) -> RoomClient:
    click.echo(f"Waiting for {quoted_name(room.name)}. Ctrl-C stops waiting.", err=True)
    known_rooms = KnownRooms.load()
    try:
        found = find_known_room(room.name, known_rooms, timeout_s=_REOPEN_TIMEOUT_S)
    except AmbiguousName as error:
        # A member may have opened it again on another computer.
        write_error(str(error))
        if not click.confirm("Join the other room of that name, and compare its words", err=True):
            raise
        found = error.rooms[0]
    return client_for_room(
        found, former.name, known_rooms, password=former.password, prompt_for_password=True
    )

"""What Tab makes of a typed line: commands, names, emoji, and the paths and numbers of files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from messango.client.files.file_list import ListedFile
from messango.client.typed.completion import complete
from messango.client.typed.file_commands import KEEP_METADATA, split_get, split_send
from messango.protocol.text.command_table import Completion
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.file_texts import sized_name
from messango.terminal.conversation.path_completion import complete_path

_REPLY_BY_FILE: Final = re.compile(r"/reply\s+(?:\S.*?\s)??(?=/send )", re.IGNORECASE)


def complete_line(before_cursor: str, conversation: Conversation) -> list[Completion]:
    """Return the choices for Tab after the text before the cursor. Reads folders."""
    command, space, argument = _without_reply(before_cursor).partition(" ")
    if space and command.lower() == "/send":
        paths, text = split_send(argument)
        if text is None:
            return _sending(paths.lstrip())
    elif space and command.lower() == "/get":
        return _getting(argument.lstrip(), conversation.shown_files())
    elif space and command.lower() == "/cancel":
        return _numbers(argument.lstrip(), conversation.files.moving())
    return complete(before_cursor, conversation.names_for(before_cursor))


def _without_reply(typed: str) -> str:
    """Return what stands from `/send` on, if it answers a message."""
    found = _REPLY_BY_FILE.match(typed)
    return typed[found.end() :] if found else typed


def _sending(typed: str) -> list[Completion]:
    option, space, rest = typed.partition(" ")
    if space and option == KEEP_METADATA:
        return complete_path(rest.lstrip())
    if typed.startswith("--") and KEEP_METADATA.startswith(typed):
        return [Completion(f"{KEEP_METADATA} ", len(typed))]
    return complete_path(typed)


def _getting(typed: str, files: Iterable[ListedFile]) -> list[Completion]:
    _, folder = split_get(typed)
    if folder is None:
        return _numbers(typed, [file for file in files if file.file is not None])
    return complete_path(folder, folders_only=True)


def _numbers(typed: str, files: Iterable[ListedFile]) -> list[Completion]:
    """Return the numbers that begin so; of a list `1,3`, the last one is typed."""
    begun = typed.rpartition(",")[2].strip()
    return [
        Completion(f"{file.number} ", len(begun), label=f"{file.number} {sized_name(file.name, file.size)}")
        for file in files
        if str(file.number).startswith(begun)
    ]

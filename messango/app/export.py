"""A conversation as plain text, Markdown or JSON Lines: for standard output, or saved in a file."""

from __future__ import annotations

import contextlib
import datetime
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from messango.app.markdown_text import escape_line, quote
from messango.client.events import AnyReceived, PrivateMessageReceived
from messango.client.typed.commands import action_of
from messango.errors import SaveFailed
from messango.protocol.files.file_line import caption_of
from messango.protocol.files.file_name import UNNAMED, safe_file_name
from messango.protocol.frames import Message, Reaction, Spoken, Told
from messango.protocol.text.escaping import safe_json, safe_line, safe_text
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.wording import counted, join_names
from messango.storage import write_private

_PATH_SEPARATORS: Final = re.compile(r"[/\\]")
_MAX_FILE_NAME: Final = 60

ExportFormat = Callable[[str, Iterable[Spoken]], Iterator[str]]


def as_text(room: str, messages: Iterable[Spoken]) -> Iterator[str]:
    """Yield lines such as `2026-11-22 14:02  Ann: hello`; further lines of a text are indented.

    An action is `2026-11-22 14:02  * Ann waves`. Beside the name stands what else a message is: `Ann,
    answering Ben: yes`, `Ann → Ben (private): psst`, `Ann (edited): hello`, `Ann (deleted)`. Who reacted
    stands below, less indented than any text, so that no text can look like that.
    """
    del room
    for message in messages:
        who, action = _who(message), action_of(message.text)
        said = f"{who}: {message.text}" if action is None else f"* {who} {action}"
        head = f"{_local_time(message.time):%Y-%m-%d %H:%M}  "
        yield head + (who if message.deleted else safe_text(said).replace("\n", "\n" + " " * len(head)))
        if message.reactions:
            yield f"    {_reactions_of(message)}"


def _who(message: Spoken) -> str:
    """Return who said it, and what kind of message it is."""
    who = plain_name(message.name)
    if isinstance(message, Told):
        who += f" → {plain_name(message.to_name)} (private)"
    if message.deleted:
        return f"{who} (deleted)"
    if message.edited:
        who += " (edited)"
    if message.reply is not None and message.reply.name:
        who += f", answering {plain_name(message.reply.name)}"
    return who


def _reactions_of(message: Spoken) -> str:
    """Return who reacted and how: `👍 Ann and Ben · 🎉 Cleo`."""
    return " · ".join(
        f"{safe_line(reaction.emoji)} {_members_of(reaction)}" for reaction in message.reactions
    )


def _members_of(reaction: Reaction) -> str:
    names = [*map(plain_name, reaction.names)]
    unnamed = reaction.count - len(names)
    if unnamed > 0:
        names.append(counted(unnamed, "other") if names else counted(unnamed, "member"))
    return join_names(names, most=len(names))


def as_markdown(room: str, messages: Iterable[Spoken]) -> Iterator[str]:
    """Yield lines: the room's name as title, a heading for each day, texts as quotations, reactions below.

    Names and texts stay as they were written: nothing in them becomes markup.
    """
    yield f"# {escape_line(room)}"
    day = None
    for message in messages:
        when = _local_time(message.time)
        if when.date() != day:
            day = when.date()
            yield f"\n## {day.isoformat()}"
        action = action_of(message.text)
        text = message.text if action is None else f"* {plain_name(message.name)} {action}"
        said = "" if message.deleted else f"\n\n{quote(text)}"
        yield f"\n**{escape_line(_who(message))}** {when:%H:%M}{said}"
        if message.reactions:
            yield f"\n{escape_line(_reactions_of(message))}"


def as_json(room: str, messages: Iterable[Spoken]) -> Iterator[str]:
    """Yield an object a line: `seq id member time name text`, `time` in seconds since 1970 UTC.

    Only where there are some: `reply`, `edited`, `deleted`, `reactions`. A private message has `to`, the id
    of its receiver, and `to_name`.

    A text `/me waves` stays as it is, and `action` is `waves` then. A message with a file has `file` (`id
    name size sha256`, for pictures `width height`), and what its sender wrote about it as `caption`; `text`
    ends with the line that names the file.
    """
    del room
    for message in messages:
        # What a message can have besides is only there if it does.
        fields = msgspec.to_builtins(message)
        del fields["type"]
        for reaction in fields.get("reactions", ()):
            del reaction["mine"]  # The file is nobody's in particular.
        if (action := action_of(message.text)) is not None:
            fields["action"] = action
        if message.file is not None:
            fields["caption"] = caption_of(message.text, message.file)
        yield safe_json(msgspec.json.encode(fields).decode())


FORMATS: Final[dict[str, ExportFormat]] = {"text": as_text, "markdown": as_markdown, "json": as_json}

_FORMAT_BY_SUFFIX: Final = {".md": as_markdown, ".markdown": as_markdown, ".jsonl": as_json, ".json": as_json}


def save_conversation(
    path: Path, room: str, received: Iterable[AnyReceived], *, overwrite: bool = True
) -> None:
    """Save messages in a file for its owner only (0600), completely or not at all.

    The file's ending chooses the format: .md and .markdown, .jsonl and .json, anything else is text.
    Raises `SaveFailed`; a file that was there before is then as it was.
    """
    export = _FORMAT_BY_SUFFIX.get(path.suffix.lower(), as_text)
    data = "".join(f"{line}\n" for line in export(room, to_messages(received))).encode()
    try:
        if path.exists() and not path.is_file():
            raise SaveFailed(path, "it is not a file")
        if overwrite:
            write_private(path, data)
        else:
            _write_new(path, data)
    except FileExistsError as error:
        raise SaveFailed(path, "the file already exists") from error
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that did not exist; raises `FileExistsError`, even if it appears meanwhile."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with contextlib.ExitStack() as undo:
        undo.callback(path.unlink, missing_ok=True)
        write_private(path, data)
        undo.pop_all()


def suggested_file_name(room: str) -> str:
    """Return a file name for a room's conversation, without an ending, that every system allows."""
    name = safe_file_name(_PATH_SEPARATORS.sub(" ", room))[:_MAX_FILE_NAME].strip(" .")
    return "Conversation" if name == UNNAMED else name


def to_messages(received: Iterable[AnyReceived]) -> list[Spoken]:
    """Return a client's messages as the server stores them, in the room's order, with their reactions.

    Numbers that are there twice began again: then the times say what came first.
    """
    messages = sorted(received, key=lambda message: message.seq)
    if len({message.seq for message in messages}) < len(messages):
        messages.sort(key=lambda message: message.time)
    return [*map(_stored, messages)]


def _stored(message: AnyReceived) -> Spoken:
    fields = (message.seq, message.id, message.member, message.time, message.name, message.text)
    details = (message.reply, message.edited, message.deleted, message.reactions)
    if isinstance(message, PrivateMessageReceived):
        return Told(*fields, *details, to=message.to, to_name=message.to_name)
    return Message(*fields, *details, file=message.file)


def _local_time(time_s: float) -> datetime.datetime:
    """Return the local time; the year 1 for a time that no calendar has."""
    try:
        return datetime.datetime.fromtimestamp(time_s).astimezone()
    except (OverflowError, ValueError, OSError):
        return datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)

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
from messango.client.commands import action_of
from messango.client.events import AnyReceived, PrivateMessageReceived
from messango.errors import SaveFailed
from messango.protocol.frames import Message, Spoken, Told
from messango.protocol.text.escaping import safe_json, safe_text
from messango.protocol.text.plain_names import plain_name
from messango.storage import write_private

#: Characters that some system forbids in file names, and characters that hide or reverse text.
_FORBIDDEN_IN_FILE_NAMES: Final = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+'
)
_MAX_FILE_NAME: Final = 60

#: With any ending, Windows takes these for devices.
_WINDOWS_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)

ExportFormat = Callable[[str, Iterable[Spoken]], Iterator[str]]


def as_text(room: str, messages: Iterable[Spoken]) -> Iterator[str]:
    """Yield lines such as `2026-11-22 14:02  Ann: hello`; further lines of a text are indented.

    An action is `2026-11-22 14:02  * Ann waves`; a deleted message is `Ann: (deleted)`, and an answer is
    `Ann, answering Ben: yes`.
    """
    del room
    for message in messages:
        name, action = plain_name(message.name), action_of(message.text)
        said = f"{name}{_answering(message)}: {_text_of(message)}" if action is None else f"* {name} {action}"
        head = f"{_local_time(message.time):%Y-%m-%d %H:%M}  "
        yield head + safe_text(said).replace("\n", "\n" + " " * len(head))


def _text_of(message: Spoken) -> str:
    return "(deleted)" if message.deleted else message.text


def _answering(message: Spoken) -> str:
    if message.reply is None or not message.reply.name:
        return ""
    return f", answering {plain_name(message.reply.name)}"


def as_markdown(room: str, messages: Iterable[Spoken]) -> Iterator[str]:
    """Yield lines: the room's name as title, a heading for each day, texts as quotations.

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
        name = plain_name(message.name)
        text = _text_of(message) if action is None else f"* {name} {action}"
        yield f"\n**{escape_line(f'{name}{_answering(message)}')}** {when:%H:%M}\n\n{quote(text)}"


def as_json(room: str, messages: Iterable[Spoken]) -> Iterator[str]:
    """Yield an object a line: `seq id member time name text`, `time` in seconds since 1970 UTC.

    Only where there are some: `reply`, `edited`, `deleted`, `reactions`.

    A text `/me waves` stays as it is, and `action` is `waves` then.
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
    name = " ".join(_FORBIDDEN_IN_FILE_NAMES.sub(" ", room).split())[:_MAX_FILE_NAME].strip(". ")
    return f"{name} conversation" if _WINDOWS_DEVICE.match(name) else name or "Conversation"


def to_messages(received: Iterable[AnyReceived]) -> list[Spoken]:
    """Return a client's messages as the server stores them, in the room's order, with their reactions."""
    return [_stored(message) for message in sorted(received, key=lambda message: message.seq)]


def _stored(message: AnyReceived) -> Spoken:
    fields = (message.seq, message.id, message.member, message.time, message.name, message.text)
    details = (message.reply, message.edited, message.deleted, message.reactions)
    if isinstance(message, PrivateMessageReceived):
        return Told(*fields, *details, to=message.to, to_name=message.to_name)
    return Message(*fields, *details)


def _local_time(time_s: float) -> datetime.datetime:
    """Return the local time; the year 1 for a time that no calendar has."""
    try:
        return datetime.datetime.fromtimestamp(time_s).astimezone()
    except (OverflowError, ValueError, OSError):
        return datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)

"""A conversation as plain text, Markdown or JSON Lines: for standard output, or saved in a file."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from messango.client.events import MessageReceived
from messango.errors import SaveFailed
from messango.protocol.escaping import safe_json, safe_line, safe_text
from messango.protocol.frames import Message
from messango.protocol.plain_names import plain_name
from messango.storage import write_private

#: Characters of a name that Markdown would interpret.
_MARKDOWN_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~])")

#: Characters that some system forbids in file names, and characters that hide or reverse text.
_FORBIDDEN_IN_FILE_NAMES: Final = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+'
)
_MAX_FILE_NAME: Final = 60

ExportFormat = Callable[[str, Iterable[Message]], Iterator[str]]


def as_text(room: str, messages: Iterable[Message]) -> Iterator[str]:
    """Yield lines such as `2026-11-22 14:02  Ann: hello`; further lines of a text are indented."""
    del room
    for message in messages:
        head = f"{_local_time(message.time):%Y-%m-%d %H:%M}  {plain_name(message.name)}: "
        yield head + safe_text(message.text).replace("\n", "\n" + " " * 18)


def as_markdown(room: str, messages: Iterable[Message]) -> Iterator[str]:
    """Yield lines: the room's name as title, a heading for each day, texts as quotations."""
    yield f"# {_escape_markdown(room)}"
    day = None
    for message in messages:
        when = _local_time(message.time)
        if when.date() != day:
            day = when.date()
            yield f"\n## {day.isoformat()}"
        text = safe_text(message.text).replace("\n", "\n> ")
        yield f"\n**{_escape_markdown(plain_name(message.name))}** {when:%H:%M}\n\n> {text}"


def as_json(room: str, messages: Iterable[Message]) -> Iterator[str]:
    """Yield an object a line: `seq id member time name text`, `time` in seconds since 1970 UTC."""
    del room
    for message in messages:
        fields = {name: getattr(message, name) for name in message.__struct_fields__}
        yield safe_json(msgspec.json.encode(fields).decode())


FORMATS: Final[dict[str, ExportFormat]] = {"text": as_text, "markdown": as_markdown, "json": as_json}

_FORMAT_BY_SUFFIX: Final = {".md": as_markdown, ".markdown": as_markdown, ".jsonl": as_json, ".json": as_json}


def save_conversation(
    path: Path, room: str, received: Iterable[MessageReceived], *, overwrite: bool = True
) -> None:
    """Save messages in a file for its owner only (0600), completely or not at all.

    The file's ending chooses the format: .md and .markdown, .jsonl and .json, anything else is text.
    Raises `SaveFailed`; a file that was there before is then as it was.
    """
    export = _FORMAT_BY_SUFFIX.get(path.suffix.lower(), as_text)
    text = "".join(f"{line}\n" for line in export(room, to_messages(received)))
    try:
        if not overwrite and path.exists():
            raise SaveFailed(path, "the file already exists")
        write_private(path, text.encode())
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def suggested_file_name(room: str) -> str:
    """Return a file name for a room's conversation, without an ending, that every system allows."""
    name = " ".join(_FORBIDDEN_IN_FILE_NAMES.sub(" ", room).split())[:_MAX_FILE_NAME].strip(". ")
    return name or "Conversation"


def to_messages(received: Iterable[MessageReceived]) -> list[Message]:
    """Return a client's messages as the server stores them, in the room's order."""
    return [
        Message(message.seq, message.id, message.member, message.time, message.name, message.text)
        for message in sorted(received, key=lambda message: message.seq)
    ]


def _local_time(time_s: float) -> datetime.datetime:
    """Return the local time; the year 1 for a time that no calendar has."""
    try:
        return datetime.datetime.fromtimestamp(time_s).astimezone()
    except (OverflowError, ValueError, OSError):
        return datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)


def _escape_markdown(name: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", safe_line(name))

"""A conversation as a text to read, as Markdown, or as JSON Lines."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from messango.protocol.escaping import safe_json, safe_line, safe_text
from messango.protocol.frames import Message

#: What Markdown would take for more than a character of a name.
_MARKDOWN_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~])")

ExportFormat = Callable[[str, Iterable[Message]], Iterator[str]]


def as_text(room: str, messages: Iterable[Message]) -> Iterator[str]:
    """Yield lines: `2026-11-22 14:02  Ann: hello`, further lines of a text indented."""
    del room
    for message in messages:
        head = f"{_local_time(message.time):%Y-%m-%d %H:%M}  {safe_line(message.name)}: "
        yield head + safe_text(message.text).replace("\n", "\n" + " " * 18)


def as_markdown(room: str, messages: Iterable[Message]) -> Iterator[str]:
    """Yield lines: the room as title, a heading for each day, texts quoted."""
    yield f"# {_escape_markdown(room)}"
    day = None
    for message in messages:
        when = _local_time(message.time)
        if when.date() != day:
            day = when.date()
            yield f"\n## {day.isoformat()}"
        text = safe_text(message.text).replace("\n", "\n> ")
        yield f"\n**{_escape_markdown(message.name)}** {when:%H:%M}\n\n> {text}"


def as_json(room: str, messages: Iterable[Message]) -> Iterator[str]:
    """Yield an object a line: `seq id member time name text`, `time` in seconds since 1970 UTC."""
    del room
    for message in messages:
        fields = {name: getattr(message, name) for name in message.__struct_fields__}
        yield safe_json(msgspec.json.encode(fields).decode())


FORMATS: Final[dict[str, ExportFormat]] = {"text": as_text, "markdown": as_markdown, "json": as_json}


def _local_time(time_s: float) -> datetime.datetime:
    """Return the machine's own time; the calendar's beginning for a time that it does not have."""
    try:
        return datetime.datetime.fromtimestamp(time_s).astimezone()
    except (OverflowError, ValueError, OSError):
        return datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)


def _escape_markdown(name: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", safe_line(name))

"""JSON Lines for programs: parses the input of `chat --json` and formats its output."""

from __future__ import annotations

import json
from typing import Final

import msgspec

from messango.client.commands import SendText, UserCommand
from messango.client.events import JsonFields
from messango.protocol.text.command_table import InvalidInput
from messango.protocol.text.escaping import safe_json
from messango.protocol.text.validation import clean_text, text_error

_FORMAT_HINT: Final = 'The line is not a valid message. Write one JSON object a line: {"text": "hello"}'


class _InputLine(msgspec.Struct):
    """A message from a program; other fields are ignored."""

    text: str


def parse_json_line(line: str) -> UserCommand:
    """Return the message in one line of JSON, or `InvalidInput` with the reason."""
    try:
        message = msgspec.json.decode(line, type=_InputLine)
    except (ValueError, RecursionError):
        return InvalidInput(_FORMAT_HINT)
    return parse_plain_line(message.text)


def parse_plain_line(text: str) -> UserCommand:
    """Return `text` as a message, even if it looks like a command, or `InvalidInput` with the reason."""
    cleaned = clean_text(text)
    error = text_error(cleaned.strip() and cleaned)
    return InvalidInput(error) if error else SendText(cleaned)


def invalid_line(number: int, reason: str) -> JsonFields:
    """Return the `problem` that answers a line of the input that is not valid."""
    return {"event": "problem", "reason": reason, "hint": "", "code": "bad-line", "id": "", "line": number}


def to_json(fields: JsonFields) -> str:
    """Return one line of JSON: any script unchanged, control characters and direction marks escaped."""
    return safe_json(json.dumps(fields, ensure_ascii=False))

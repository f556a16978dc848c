"""JSON Lines for programs: the output of `chat --json`, and a text line as a message."""

from __future__ import annotations

import json

from messango.client.events import JsonFields
from messango.protocol.text.escaping import safe_json
from messango.protocol.text.validation import clean_text, text_error
from messango.terminal.json.json_requests import BadLine, SayRequest


def parse_plain_line(text: str) -> SayRequest | BadLine:
    """Return `text` as a message, even if it looks like a command, or `BadLine` with the reason."""
    cleaned = clean_text(text)
    error = text_error(cleaned.strip() and cleaned)
    return BadLine(error) if error else SayRequest(cleaned)


def bad_line(number: int, bad: BadLine) -> JsonFields:
    """Return the `problem` that answers a line of the input that is not valid."""
    problem: JsonFields = {"event": "problem", "reason": bad.reason, "hint": "", "code": bad.code}
    return {**problem, "id": bad.id, "line": number}


def to_json(fields: JsonFields) -> str:
    """Return one line of JSON: any script unchanged, control characters and direction marks escaped."""
    return safe_json(json.dumps(fields, ensure_ascii=False))

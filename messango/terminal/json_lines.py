"""One JSON object a line, both ways: what a program says, and what it hears."""

from __future__ import annotations

import json
from functools import singledispatch
from typing import Final, TypeAlias

import msgspec

from messango.client.commands import InvalidInput, SendText, UserCommand
from messango.client.events import (
    Disconnected,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    MessageReceived,
    RequestFailed,
    RoomJoined,
    SessionEnded,
)
from messango.errors import FingerprintMismatch, JoinRefused, RoomClosed
from messango.protocol.escaping import safe_json
from messango.protocol.validation import clean_text, text_error

Fields: TypeAlias = dict[str, object]

_FORMAT_HINT: Final = 'This is not what is expected, an object with a text: {"text": "hello"}'


class _InputLine(msgspec.Struct):
    """What a program says; further fields are ignored."""

    text: str


def parse_json_line(line: str) -> UserCommand:
    """Return the message in one line of JSON, or what is wrong with it."""
    try:
        message = msgspec.json.decode(line, type=_InputLine)
    except (ValueError, RecursionError):
        return InvalidInput(_FORMAT_HINT)
    return parse_plain_line(message.text)


def parse_plain_line(text: str) -> UserCommand:
    """Return the message that a text is, whatever it begins with, or what is wrong with it."""
    cleaned = clean_text(text)
    error = text_error(cleaned.strip() and cleaned)
    return InvalidInput(error) if error else SendText(cleaned)


def to_json(fields: Fields) -> str:
    """Return one line of JSON: any script as it is, but what could steer a terminal as an escape."""
    return safe_json(json.dumps(fields, ensure_ascii=False))


@singledispatch
def event_fields(_event: object) -> Fields | None:
    """Return what a program is told of an event, or None for what is of no use to it."""
    return None


@event_fields.register
def _(event: RoomJoined) -> Fields:
    return {
        "event": "entered",
        "room": event.room.name,
        "you": event.you,
        "members": list(event.members),
        "latest": event.latest,
        "back": event.resumed,
        "gap": event.gap,
        "address": event.address,
        "fingerprint": event.fingerprint,
        "first_visit": event.first_visit,
        "namesake": event.namesake.id if event.namesake else None,
        "unencrypted": list(event.unencrypted),
    }


@event_fields.register
def _(event: MessageReceived) -> Fields:
    return {"event": "message", **{name: getattr(event, name) for name in event.__slots__}}


@event_fields.register
def _(event: MessageFailed) -> Fields:
    return {
        "event": "failed",
        "id": event.id,
        "text": event.text,
        "reason": event.reason,
        "hint": event.hint,
    }


@event_fields.register
def _(event: MemberJoined) -> Fields:
    return {"event": "joined", "name": event.name, "encrypted": event.encrypted}


@event_fields.register
def _(event: MemberLeft) -> Fields:
    return {"event": "left", "name": event.name, "reason": event.reason}


@event_fields.register
def _(event: MemberRenamed) -> Fields:
    return {"event": "renamed", "name": event.name, "old": event.old, "you": event.you}


@event_fields.register
def _(event: MemberTyping) -> Fields:
    return {"event": "typing", "name": event.name}


@event_fields.register
def _(event: RequestFailed) -> Fields:
    return {"event": "problem", "reason": event.reason, "hint": event.hint}


@event_fields.register
def _(event: Disconnected) -> Fields:
    return {"event": "interrupted", "reason": str(event.error), "retry_in_s": event.retry_in_s}


@event_fields.register
def _(event: SessionEnded) -> Fields:
    ended: Fields = {"event": "ended", "reason": "You left."}
    if event.error is not None:
        ended.update(reason=str(event.error), hint=event.error.hint)
    if isinstance(event.error, JoinRefused | RoomClosed):
        ended["code"] = event.error.code
    if isinstance(event.error, FingerprintMismatch):
        ended.update(expected=event.error.expected, seen=event.error.seen)
    return ended

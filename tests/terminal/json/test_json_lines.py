"""JSON Lines: the events that `chat --json` writes and the messages that it reads."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.client.events import (
    Connecting,
    Disconnected,
    EndReason,
    Event,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    PasswordRequired,
    RequestFailed,
    SessionEnded,
)
from messango.client.trust.known_room import KnownRoom
from messango.errors import ConnectionLost, JoinRefused, PasswordNeeded, RoomClosed
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.terminal.json.json_lines import parse_plain_line, to_json
from messango.terminal.json.json_requests import BadLine, JsonRequest, SayRequest, parse_json_line
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.terminal.fake_client import NOON, message_received, room_joined

#: The fields of somebody of whom the room says no more than the name.
UNMARKED = {"member": "", "host": False, "web": False, "resembles": "", "server": ""}


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (
            room_joined("bob", latest=7),
            {
                "event": "entered",
                "room": "Kitchen",
                "you": "ann",
                "wanted": "ann",
                "members": ["ann", "bob"],
                "latest": 7,
                "back": False,
                "gap": False,
                "address": "127.0.0.1:8000",
                "moved_from": None,
                "fingerprint": "ab" * 32,
                "first_visit": False,
                "namesake": None,
                "former_name": None,
                "same_name": [],
                "unencrypted": [],
                "people": [
                    {
                        "id": "",
                        "name": name,
                        "host": False,
                        "web": False,
                        "encrypted": True,
                        "resembles": "",
                        "server": "",
                    }
                    for name in ("ann", "bob")
                ],
                "server": None,
                "former_server": None,
                "servers": [],
            },
        ),
        (
            message_received("hi", seq=3, history=True),
            {
                "event": "message",
                "seq": 3,
                "id": "id3",
                "member": "m2",
                "time": NOON,
                "name": "bob",
                "text": "hi",
                "own": False,
                "history": True,
                "reply": None,
                "edited": False,
                "deleted": False,
                "reactions": [],
                "file": None,
            },
        ),
        (
            MessageFailed("id1", "hi", "No.", "Wait."),
            {"event": "failed", "id": "id1", "text": "hi", "reason": "No.", "hint": "Wait.", "code": ""},
        ),
        (MemberJoined("cy"), {"event": "joined", "name": "cy", "encrypted": True, **UNMARKED}),
        (
            MemberJoined("cу", encrypted=False, member="m7", host=True, web=True, resembles="cy"),
            {
                "event": "joined",
                "name": "cу",
                "encrypted": False,
                "member": "m7",
                "host": True,
                "web": True,
                "resembles": "cy",
                "server": "",
            },
        ),
        (
            MemberLeft("cy", "kicked", "m7", "Too loud."),
            {"event": "left", "name": "cy", "reason": "kicked", "member": "m7", "note": "Too loud."},
        ),
        (
            MemberRenamed("c", "cy", you=False),
            {
                "event": "renamed",
                "name": "c",
                "old": "cy",
                "you": False,
                "encrypted": True,
                "wanted": "",
                **UNMARKED,
            },
        ),
        (MemberTyping("cy", "m7"), {"event": "typing", "name": "cy", "member": "m7", "private": False}),
        (
            RequestFailed("No.", "Why.", "not-kept"),
            {"event": "problem", "reason": "No.", "hint": "Why.", "code": "not-kept", "id": ""},
        ),
        (
            Disconnected(ConnectionLost("Gone."), 1.5),
            {"event": "interrupted", "reason": "Gone.", "retry_in_s": 1.5},
        ),
        (SessionEnded(EndReason.LEFT, None), {"event": "ended", "reason": "You left."}),
        (
            SessionEnded(EndReason.FAILED, JoinRefused("full", "Full.", "Wait.")),
            {"event": "ended", "reason": "Full.", "hint": "Wait.", "code": "full"},
        ),
        (
            SessionEnded(EndReason.CLOSED, RoomClosed("kicked", "Out.")),
            {"event": "ended", "reason": "Out.", "hint": "", "code": "kicked"},
        ),
        (Connecting(reconnecting=True), {}),
        (PasswordRequired(PasswordNeeded()), {}),
    ],
)
def test_each_event_has_its_fields(event: Event, fields: dict[str, object]) -> None:
    """Programs rely on them."""
    assert event.to_json_fields() == fields


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('{"text": "hi"}', "hi"),
        ('{"text": "two\\nlines", "more": [1]}', "two\nlines"),
        ('{"text": "/quit"}', "/quit"),
        ('{"text": "\\ud83d\\ude00"}', "😀"),
    ],
)
def test_a_message_is_parsed(line: str, text: str) -> None:
    """An object with a text, whatever else is in it; commands are not interpreted."""
    assert parse_json_line(line) == SayRequest(text)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('"hi"', '{"text": "hello"}'),
        ("hi", '{"text": "hello"}'),
        ("[]", '{"text": "hello"}'),
        ('{"text": 7}', "Expected `str`, got `int` - at `$.text`"),
        ("[" * 50_000, '{"text": "hello"}'),
        ('{"text": "\ud800"}', '{"text": "hello"}'),
        ('{"text": " "}', "empty"),
        ('{"text": "' + "x" * (MAX_TEXT_CHARACTERS + 1) + '"}', "too long"),
    ],
)
def test_an_invalid_line_is_answered_by_a_sentence(line: str, reason: str) -> None:
    """Bad JSON never raises."""
    command = parse_json_line(line)
    assert isinstance(command, BadLine)
    assert reason in command.reason


@given(st.text(st.characters(exclude_categories=())))
def test_any_line_is_parsed(line: str) -> None:
    """No input raises."""
    assert isinstance(parse_json_line(line), JsonRequest | BadLine)
    assert isinstance(parse_plain_line(line), SayRequest | BadLine)


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_survives_a_round_trip_on_one_line(text: str) -> None:
    """Without any control character."""
    line = to_json({"text": text})
    assert json.loads(line) == {"text": text}
    assert not set(line) & {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), "\u202e", "\u2066", "\u2028"}
    line.encode()


def test_other_scripts_are_not_escaped() -> None:
    """People read the lines too."""
    assert to_json({"text": "grüß 日本 😀"}) == '{"text": "grüß 日本 😀"}'


def test_a_namesake_is_reported_by_its_id() -> None:
    """A program can leave the room then; it does not see the warning for people."""
    known = KnownRoom("9f", "Kitchen", "cd" * 32, [], 0.0)
    fields = room_joined(first_visit=True, namesake=known).to_json_fields()
    assert (fields["first_visit"], fields["namesake"]) == (True, "9f")


def test_a_changed_fingerprint_is_reported_with_both() -> None:
    """The sentence only has the words."""
    fields = SessionEnded(EndReason.FAILED, FingerprintMismatch("Tea", "ab" * 32, "cd" * 32)).to_json_fields()
    assert (fields["expected"], fields["seen"]) == ("ab" * 32, "cd" * 32)

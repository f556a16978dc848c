"""One JSON object a line, both ways."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.client.commands import Mistake, Speak
from messango.client.events import (
    Connecting,
    End,
    Ended,
    Event,
    Interrupted,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    RequestFailed,
)
from messango.client.known_rooms import KnownRoom
from messango.errors import ConnectionLost, FingerprintMismatch, JoinRefused, RoomClosed
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.terminal.json_lines import fields_of, read_json, read_plain, to_json
from tests.terminal.fake_client import NOON, entered, heard


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (
            entered("bob", latest=7),
            {
                "event": "entered",
                "room": "Kitchen",
                "you": "ann",
                "members": ["ann", "bob"],
                "latest": 7,
                "back": False,
                "gap": False,
                "address": "127.0.0.1:8000",
                "fingerprint": "ab" * 32,
                "first_visit": False,
                "namesake": None,
                "unencrypted": [],
            },
        ),
        (
            heard("hi", seq=3, history=True),
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
            },
        ),
        (
            MessageFailed("id1", "hi", "No.", "Wait."),
            {"event": "failed", "id": "id1", "text": "hi", "reason": "No.", "hint": "Wait."},
        ),
        (MemberJoined("cy"), {"event": "joined", "name": "cy", "encrypted": True}),
        (MemberJoined("cy", encrypted=False), {"event": "joined", "name": "cy", "encrypted": False}),
        (MemberLeft("cy", "left"), {"event": "left", "name": "cy", "reason": "left"}),
        (MemberRenamed("c", "cy", you=False), {"event": "renamed", "name": "c", "old": "cy", "you": False}),
        (MemberTyping("cy"), {"event": "typing", "name": "cy"}),
        (RequestFailed("No.", "Why."), {"event": "problem", "reason": "No.", "hint": "Why."}),
        (
            Interrupted(ConnectionLost("Gone."), 1.5),
            {"event": "interrupted", "reason": "Gone.", "retry_in_s": 1.5},
        ),
        (Ended(End.LEFT, None), {"event": "ended", "reason": "You left."}),
        (
            Ended(End.FAILED, JoinRefused("full", "Full.", "Wait.")),
            {"event": "ended", "reason": "Full.", "hint": "Wait.", "code": "full"},
        ),
        (
            Ended(End.CLOSED, RoomClosed("kicked", "Out.")),
            {"event": "ended", "reason": "Out.", "hint": "", "code": "kicked"},
        ),
        (Connecting(again=True), None),
    ],
)
def test_each_event_has_its_object(event: Event, fields: dict[str, object] | None) -> None:
    """The fields that programs rely on."""
    assert fields_of(event) == fields


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('{"text": "hi"}', "hi"),
        ('{"text": "two\\nlines", "more": [1]}', "two\nlines"),
        ('{"text": "/quit"}', "/quit"),
        ('{"text": "\\ud83d\\ude00"}', "😀"),
    ],
)
def test_a_message_is_read(line: str, text: str) -> None:
    """An object with a text, whatever else it has; nothing in it is a command."""
    assert read_json(line) == Speak(text)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"hi"', '{"text": "hello"}'),
        ("hi", '{"text": "hello"}'),
        ("[]", '{"text": "hello"}'),
        ('{"text": 7}', '{"text": "hello"}'),
        ("[" * 50_000, '{"text": "hello"}'),
        ('{"text": "\ud800"}', '{"text": "hello"}'),
        ('{"text": " "}', "empty"),
        ('{"text": "' + "x" * (MAX_TEXT_CHARACTERS + 1) + '"}', "too long"),
    ],
)
def test_what_is_no_message_is_answered_by_a_sentence(line: str, said: str) -> None:
    """Bad JSON never raises."""
    wanted = read_json(line)
    assert isinstance(wanted, Mistake)
    assert said in wanted.sentence


@given(st.text(st.characters(exclude_categories=())))
def test_any_line_is_read(line: str) -> None:
    """No input raises."""
    assert isinstance(read_json(line), Speak | Mistake)
    assert isinstance(read_plain(line), Speak | Mistake)


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_survives_on_one_harmless_line(text: str) -> None:
    """What is written reads back the same, on one line, with nothing that a terminal would obey."""
    line = to_json({"text": text})
    assert json.loads(line) == {"text": text}
    assert not set(line) & {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), "\u202e", "\u2066", "\u2028"}
    line.encode()


def test_other_scripts_stay_as_they_are() -> None:
    """People read this too."""
    assert to_json({"text": "grüß 日本 😀"}) == '{"text": "grüß 日本 😀"}'


def test_a_new_room_of_a_known_name_is_told_by_its_id() -> None:
    """A program can end it there; what people read is on nobody's screen."""
    known = KnownRoom("9f", "Kitchen", "cd" * 32, [], 0.0)
    fields = fields_of(entered(first_visit=True, namesake=known))
    assert fields is not None
    assert (fields["first_visit"], fields["namesake"]) == (True, "9f")


def test_a_changed_fingerprint_is_told_with_both() -> None:
    """Beside the sentence, which has the words."""
    fields = fields_of(Ended(End.FAILED, FingerprintMismatch("Tea", "ab" * 32, "cd" * 32)))
    assert fields is not None
    assert (fields["expected"], fields["seen"]) == ("ab" * 32, "cd" * 32)

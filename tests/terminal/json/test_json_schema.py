"""The JSON Schema, the help and the real output of `chat --json` agree."""

from __future__ import annotations

import json
import re
import typing
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from messango.client.events import (
    Connecting,
    Disconnected,
    EarlierReceived,
    EndReason,
    Event,
    FileFailed,
    FileProgress,
    FileSaved,
    HistoryEnded,
    LinkChanged,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageDeleted,
    MessageEdited,
    MessageFailed,
    PasswordRequired,
    PrivateMessageReceived,
    ReactionChanged,
    RequestFailed,
    SearchResult,
    SessionEnded,
)
from messango.client.trust.known_room import KnownRoom
from messango.errors import ConnectionLost, JoinRefused, PasswordNeeded, RoomClosed
from messango.help import read_schema, read_topic
from messango.protocol.frames import FileInfo, Quote, Reaction
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.terminal.json.json_events import AnyEvent
from messango.terminal.json.json_lines import bad_line, to_json
from messango.terminal.json.json_requests import REQUESTS, BadLine, SayRequest, parse_json_line
from messango.terminal.json.json_schema import schema
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.dialing.dial_failure_texts import dial_failed
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.terminal.fake_client import NOON, message_received, room_joined

REFUSED = dial_failed([DialAttempt(Address("10.77.0.1"), FailureKind.REFUSED, 0.1)])

QUOTE, LIKED = Quote(1, "bob", "hi"), Reaction("👍", 2, mine=True, names=("ann", "bob"))
PICTURE = FileInfo("f1", "sea.png", 1, "ab" * 32, 640, 480)
TOLD = PrivateMessageReceived(
    2, "id2", "m2", NOON, "bob", "hi", own=False, history=False, to="m1", to_name="ann"
)

#: Each kind of event, with and without what is optional in it.
EVENTS: list[Event] = [
    Connecting(reconnecting=False),
    PasswordRequired(PasswordNeeded()),
    room_joined("bob", latest=7),
    room_joined(first_visit=True, namesake=KnownRoom("9f", "Kitchen", "cd" * 32, [], 0.0)),
    HistoryEnded(),
    message_received("hi"),
    replace(message_received("hi"), reply=QUOTE, edited=True, reactions=(LIKED,)),
    replace(message_received("[file] sea.png (1 byte)"), file=PICTURE),
    TOLD,
    FileProgress("id1", "sea.png", 100, 62, upload=True),
    FileSaved("id1", "sea.png", 100, Path("sea.png"), "f1"),
    FileFailed("id1", "sea.png", upload=True, reason="No.", hint="Wait."),
    ReactionChanged(9, "id9", 1, "m2", "bob", NOON, "👍", on=True, own=False, history=False),
    MessageEdited(9, "id9", 1, "m2", "bob", NOON, "ho", own=False, history=False),
    MessageDeleted(9, "id9", 1, "m2", "bob", NOON, own=False, history=False),
    EarlierReceived("id9", (message_received("hi"), TOLD), more=True, latest=9),
    SearchResult("id9", (message_received("hi"),), more=False, latest=9),
    MessageFailed("id1", "hi", "No.", "Wait."),
    MemberJoined("cy", encrypted=False),
    MemberLeft("cy", "left"),
    MemberRenamed("c", "cy", you=False),
    MemberTyping("cy"),
    RequestFailed("No.", "Why."),
    LinkChanged(up=False, reason="Alone.", hint="Wait."),
    LinkChanged(up=True, reason="Linked.", hint=""),
    Disconnected(ConnectionLost("Gone."), 1.5),
    Disconnected(REFUSED, 1.5),
    SessionEnded(EndReason.FAILED, REFUSED),
    SessionEnded(EndReason.LEFT, None),
    SessionEnded(EndReason.FAILED, ConnectionLost("Gone.")),
    SessionEnded(EndReason.FAILED, JoinRefused("full", "Full.", "Wait.")),
    SessionEnded(EndReason.CLOSED, RoomClosed("kicked", "Out.")),
    SessionEnded(EndReason.FAILED, FingerprintMismatch("Tea", "ab" * 32, "cd" * 32)),
]
ANSWERS = {
    *("message", "told", "reacted", "edited", "deleted", "earlier", "found", "failed"),
    *("progress", "saved", "file-failed"),
}
WRITTEN = [fields for event in EVENTS if (fields := event.to_json_fields())] + [bad_line(2, BadLine("No."))]
#: The same as answers to a line of the input.
WRITTEN += [{**fields, "line": 3} for fields in WRITTEN if fields["event"] in ANSWERS]
OBJECTS = {
    definition["properties"]["event"]["enum"][0]: definition
    for definition in schema()["$defs"].values()
    if "event" in definition.get("properties", {})
}


def test_there_is_an_example_of_every_event() -> None:
    """A new event needs an example, and with it a place in the schema."""
    assert {type(event) for event in EVENTS} == set(typing.get_args(Event))


def test_the_file_is_the_schema() -> None:
    """`python -m messango.terminal.json.json_schema > messango/help/json-schema.json` writes it."""
    assert json.loads(read_schema()) == schema()


@pytest.mark.parametrize("fields", WRITTEN, ids=lambda fields: str(fields["event"]))
def test_each_line_fits_the_schema(fields: dict[str, object]) -> None:
    """Its type is known, every field has the right type, and no field is missing or unknown."""
    msgspec.json.decode(to_json(fields), type=AnyEvent, strict=True)
    described = OBJECTS[str(fields["event"])]
    assert set(described["required"]) <= fields.keys() <= described["properties"].keys()


def test_an_invalid_line_does_not_fit_the_schema() -> None:
    """The test above compares types too."""
    lines: list[dict[str, object]] = [{"event": "typing", "name": 7}, {"event": "typing"}, {"event": "nap"}]
    for wrong in lines:
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(to_json(wrong), type=AnyEvent, strict=True)


def test_the_schema_describes_only_what_is_written() -> None:
    """Every event and every field of it occurs in an example."""
    seen: dict[str, set[str]] = {}
    for fields in WRITTEN:
        seen.setdefault(str(fields["event"]), set()).update(fields)
    assert seen == {kind: set(described["properties"]) for kind, described in OBJECTS.items()}


def test_everything_in_the_schema_has_a_description() -> None:
    """Authors of bots read it without our code."""
    for described in OBJECTS.values():
        assert described["description"]
        fields = {name: field for name, field in described["properties"].items() if name != "event"}
        assert all(field.get("description") for field in fields.values())


def _requests() -> dict[str, dict[str, Any]]:
    return {kind.__name__: schema()["$defs"][kind.__name__] for kind in REQUESTS}


def test_a_request_is_accepted_exactly_if_it_fits_the_schema() -> None:
    """The limits are the same."""
    request = _requests()["SayRequest"]
    assert request["required"] == ["text"]
    text = request["properties"]["text"]
    assert (text["minLength"], text["maxLength"]) == (1, MAX_TEXT_CHARACTERS)
    longest = "x" * text["maxLength"]
    assert parse_json_line(json.dumps({"text": longest})) == SayRequest(longest)
    for wrong in ({}, {"text": ""}, {"text": longest + "x"}, {"text": None}):
        assert isinstance(parse_json_line(json.dumps(wrong)), BadLine)


def test_every_request_has_its_own_field_and_a_description() -> None:
    """That field is required, and names the kind."""
    for described in _requests().values():
        assert described["description"]
        assert all(field.get("description") for field in described["properties"].values())
        assert next(iter(described["properties"])) in described["required"]


def test_the_help_documents_every_request_and_field() -> None:
    """And no others."""
    requests = read_topic("json").partition("\n## Requests\n")[2].partition("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)`", requests, re.MULTILINE)
    assert documented == [name for described in _requests().values() for name in described["properties"]]


def _documented() -> dict[str, list[str]]:
    events = read_topic("json").partition("\n## Events\n")[2].partition("\n## ")[0]
    return {
        section.partition("`")[0]: re.findall(r"^\| `(\w+)`", section, re.MULTILINE)
        for section in events.split("\n### `")[1:]
    }


def test_the_help_documents_every_event_and_field() -> None:
    """And no others."""
    assert _documented() == {
        kind: [name for name in described["properties"] if name != "event"]
        for kind, described in OBJECTS.items()
    }

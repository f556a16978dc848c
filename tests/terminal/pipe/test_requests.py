"""The requests of `chat --json`, and what answers them."""

from __future__ import annotations

import io
from typing import Any

import pytest

from messango.client.events import (
    EarlierReceived,
    EndReason,
    Event,
    HistoryEnded,
    RequestFailed,
    SessionEnded,
)
from messango.errors import JoinRefused
from messango.protocol.frames import Delete, Earlier, Edit, React, Say, Search, Tell
from messango.terminal.json.json_requests import BadLine, parse_json_line
from tests.terminal.conversation.messages import joined, said
from tests.terminal.fake_client import FakeClient
from tests.terminal.pipe.pipe_run import PipeRun


class Room(FakeClient):
    """A client of a room with bob and cy, which answers every request by a problem but those for messages."""

    def __init__(self, *events: Event) -> None:
        super().__init__(joined(), *events, HistoryEnded())

    def _record(self, request: Any) -> str:  # the frames of FakeRequests
        request_id = super()._record(request)
        if isinstance(request, Earlier):
            self.events.put(EarlierReceived(request_id, (said(1, "bob", "hi"),), more=False, latest=9))
        elif not isinstance(request, Say):
            self.events.put(RequestFailed("No.", "Never.", "unknown-entry", request_id))
        return request_id


def run(*lines: str) -> tuple[Room, list[dict[str, Any]]]:
    """Run a bot that writes these lines; return the client, and the events that answer a line."""
    client = Room()
    pipe = PipeRun(client, "".join(f"{line}\n" for line in lines), as_json=True)
    return client, [event for event in pipe.objects if "line" in event]


def test_every_request_is_sent() -> None:
    """A member may be named by id or by name, also before the room is joined."""
    client, answers = run(
        '{"tell": "bob", "text": "psst", "reply_to": 3}',
        '{"tell": "m3", "text": "psst"}',
        '{"text": "yes", "reply_to": 7}',
        '{"react": 7, "emoji": "❤"}',
        '{"react": 7, "emoji": "👍", "on": false}',
        '{"edit": 7, "text": "better"}',
        '{"delete": 7}',
        '{"earlier": 8}',
        '{"earlier": 8, "count": 2}',
        '{"search": "red mango", "before": 5}',
        '{"typing": true}',
        '{"typing": "cy"}',
        '{"rename": "Anna"}',
    )
    assert client.requests == [
        Tell("r1", "m2", "psst", 3),
        Tell("r2", "m3", "psst"),
        Say("s1", "yes", 7),
        React("r4", 7, "❤️", on=True),
        React("r5", 7, "👍", on=False),
        Edit("r6", 7, "better"),
        Delete("r7", 7),
        Earlier("r8", 8, 50),
        Earlier("r9", 8, 2),
        Search("r10", "red mango", 5),
    ]
    assert client.typed_to == ["", "m3"]
    assert client.names == ["Anna"]
    assert sorted(answer["line"] for answer in answers) == [*range(1, 11)]
    assert {answer["line"]: answer["event"] for answer in answers} == {
        **dict.fromkeys((1, 2, 4, 5, 6, 7, 10), "problem"),
        3: "message",
        **dict.fromkeys((8, 9), "earlier"),
    }


@pytest.mark.parametrize(
    ("line", "code", "reason"),
    [
        ('{"foo": 1}', "unknown-request", "There is no request “foo”."),
        ("{}", "unknown-request", "empty"),
        ('{"tell": "dan", "text": "hi"}', "unknown-member", "“dan”"),
        ('{"tell": "bob"}', "bad-line", "text"),
        ('{"tell": "bob", "text": ""}', "bad-line", "empty"),
        ('{"react": 7}', "bad-line", "emoji"),
        ('{"react": 7, "emoji": "yes"}', "bad-line", "not one emoji"),
        ('{"react": -1, "emoji": "👍"}', "bad-line", "$.react"),
        ('{"edit": 7, "delete": 7}', "bad-line", "can't be both"),
        ('{"earlier": 7, "count": 201}', "bad-line", "$.count"),
        ('{"search": " "}', "bad-line", "no words"),
        ('{"rename": ""}', "bad-line", "empty"),
        ('{"typing": 7}', "bad-line", "$.typing"),
        ('{"text": "secret", "to": "bob"}', "bad-line", "no field “to” here, so nothing was sent"),
        ('{"text": "secret", "channel": "bob"}', "bad-line", "no field “channel” here"),
        ('{"text": "secret", "Tell": "bob"}', "bad-line", "nothing was sent"),
        ('{"text": "secret", "private": true}', "bad-line", "nothing was sent"),
        ('{"text": "yes", "replyto": 7}', "bad-line", "nothing was sent"),
        ('{"text": "x", "reply_to": "7"}', "bad-line", "$.reply_to"),
    ],
)
def test_what_is_not_valid_is_answered(line: str, code: str, reason: str) -> None:
    """By a problem with the number of the line; nothing is sent, least of all to everybody."""
    client, (answer,) = run(line)
    assert (answer["event"], answer["code"], answer["line"]) == ("problem", code, 1)
    assert reason in answer["reason"]
    assert client.requests == []
    assert client.sent == []


def test_other_fields_are_ignored() -> None:
    """A later version may add some, and a bot may note its own."""
    assert not isinstance(parse_json_line('{"text": "hi", "mood": "good", "n": 1}'), BadLine)


def test_names_wait_for_the_room() -> None:
    """A bot may write before it has joined; what it writes later stays behind."""

    class Late(Room):
        def start(self) -> None:
            """Join only when the whole input is read."""

    client = Late()

    class Input(io.StringIO):
        def readline(self, size: int = -1, /) -> str:  # type: ignore[override] # of StringIO
            line = super().readline(size)
            if not line:
                FakeClient.start(client)
            return line

    pipe = PipeRun(client, Input('{"tell": "bob", "text": "first"}\n{"text": "second"}\n'), as_json=True)
    assert client.requests == [Tell("r1", "m2", "first")]
    assert client.sent == ["second"]
    assert [fields["line"] for fields in pipe.objects if "line" in fields] in ([1, 2], [2, 1])


def test_lines_that_waited_in_vain_are_named() -> None:
    """The room was never joined."""

    class Refusing(Room):
        def start(self) -> None:
            """Nothing comes but the end."""

    client = Refusing()

    class Input(io.StringIO):
        def readline(self, size: int = -1, /) -> str:  # type: ignore[override] # of StringIO
            line = super().readline(size)
            if not line:
                client.events.put(SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.")))
            return line

    pipe = PipeRun(client, Input('{"tell": "bob", "text": "first"}\n'), as_json=True)
    assert isinstance(pipe.error, JoinRefused)
    assert client.requests == []
    assert "Not sent: line 1" in pipe.err

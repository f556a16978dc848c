"""Which request of ours an event answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.client.events import (
    EarlierReceived,
    Event,
    FileFailed,
    FileProgress,
    FileSaved,
    MemberTyping,
    MessageFailed,
    RequestFailed,
)
from messango.terminal.conversation.answers import answered_id
from tests.terminal.conversation.messages import deleted, edited, reacted, said, told


@pytest.mark.parametrize(
    ("event", "request_id"),
    [
        (said(1, "ann", "hi"), "i1"),
        (told(1, "ann", "bob", "hi"), "i1"),
        (reacted(1, 1, "ann"), "i1"),
        (edited(1, 1, "ann", "ho"), "i1"),
        (deleted(1, 1, "ann"), "i1"),
        (MessageFailed("r1", "hi", "No.", ""), "r1"),
        (RequestFailed("No.", "", "not-yours", "r1"), "r1"),
        (RequestFailed("Stored again.", "", "kept-again"), ""),
        (FileSaved("t1", "a", 1, Path("a"), "f1"), "t1"),
        (FileFailed("t1", "a", upload=True, reason="No.", hint=""), "t1"),
        (FileProgress("t1", "a", 1, 1, upload=True), ""),
        (EarlierReceived("r1", (), more=False, latest=1), "r1"),
        (MemberTyping("bob"), ""),
        # Others choose their ids themselves, ours too.
        (said(1, "bob", "hi"), ""),
        (told(1, "bob", "ann", "hi"), ""),
        (reacted(1, 1, "bob"), ""),
        (edited(1, 1, "bob", "ho"), ""),
        (deleted(1, 1, "bob"), ""),
    ],
)
def test_only_what_is_ours_answers(event: Event, request_id: str) -> None:
    """A member who copies our ids does not answer for the room."""
    assert answered_id(event) == request_id

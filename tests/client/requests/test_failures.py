"""Requests that fail without the room."""

from __future__ import annotations

import pytest

from messango.client.events import FileFailed, MessageFailed, RequestFailed
from messango.client.requests.failures import failed, lost_history, refusal
from messango.client.requests.outbox import OwnRequest
from messango.client.requests.questions import Question
from messango.protocol import error_codes, features
from messango.protocol.frames import Delete, Earlier, Edit, React, Say, Search, Share, Tell

REQUESTS: list[tuple[OwnRequest | Question, str]] = [
    (Tell("1", "b", "psst"), features.PRIVATE),
    (React("1", 5, "👍", True), features.REACTIONS),
    (Edit("1", 5, "new"), features.EDITS),
    (Delete("1", 5), features.EDITS),
    (Earlier("1", 5, 10), features.EARLIER),
    (Search("1", "word"), features.SEARCH),
]


@pytest.mark.parametrize(("request_", "feature"), REQUESTS)
def test_a_room_without_the_feature(request_: OwnRequest | Question, feature: str) -> None:
    """The sentence says what can't be done; a private text comes back, so that it is not lost."""
    assert refusal(request_, {feature}) is None
    event = refusal(request_, set(features.FEATURES) - {feature})
    assert event is not None
    assert (event.id, event.code) == ("1", error_codes.UNKNOWN_TYPE)
    assert event.reason.startswith("You can't ")
    assert event.hint == "Ask the host to update Messango."
    assert isinstance(event, MessageFailed) == isinstance(request_, Tell)
    assert not isinstance(event, MessageFailed) or event.text == "psst"


def test_every_room_takes_messages() -> None:
    """One that answers another as well."""
    assert refusal(Say("1", "hi"), ()) is refusal(Say("1", "hi", 5), ()) is None


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Say("1", ""), error_codes.BAD_TEXT),
        (Tell("1", "b", "x" * 8_001), error_codes.BAD_TEXT),
        (Edit("1", 5, "x" * 100_000), error_codes.BAD_TEXT),
        (React("1", 5, "ok", True), error_codes.BAD_EMOJI),
        (React("1", 5, "👍" * 100_000, True), error_codes.BAD_EMOJI),
        (Search("1", ""), error_codes.BAD_TEXT),
        (Search("1", "x" * 100_000), error_codes.BAD_TEXT),
    ],
)
def test_what_no_room_takes(request_: OwnRequest | Question, code: str) -> None:
    """A frame that is too long would end the connection, and be sent again on the next one."""
    event = refusal(request_, features.FEATURES)
    assert event is not None
    assert (event.id, event.code) == ("1", code)


def test_a_long_text_may_be_a_file_where_all_may_read_it() -> None:
    """A private one and an edit may not, and not every room takes files."""
    long = "x" * 8_001
    everything = {*features.FEATURES, features.FILES}
    hints = [
        event.hint
        for request, offered in (
            (Say("1", long), everything),
            (Tell("1", "b", long), everything),
            (Edit("1", 5, long), everything),
            (Say("1", long), features.FEATURES),
        )
        if (event := refusal(request, offered)) is not None
    ]
    assert ["/send PATH" in hint for hint in hints] == [True, False, False, False]


def test_numbers_that_are_gone() -> None:
    """A message that would answer another one by now is not sent; its text comes back."""
    assert lost_history(Say("1", "hi", 5)) == MessageFailed(
        "1",
        "hi",
        "The room has lost its history, and with it the message that you mean.",
        "",
        error_codes.UNKNOWN_ENTRY,
    )
    assert isinstance(lost_history(React("1", 5, "👍", True)), RequestFailed)


def test_a_file_fails_with_its_name() -> None:
    """Where the room takes no files, has lost its history, or refuses."""
    share = Share("1", "f1", "look", 5)
    assert refusal(share, {features.FILES}, "a.txt") is None
    for event, code in (
        (refusal(share, features.FEATURES, "a.txt"), error_codes.NO_FILES),
        (lost_history(share, "a.txt"), error_codes.UNKNOWN_ENTRY),
        (failed(share, "No.", "", error_codes.STORE_FULL, "a.txt"), error_codes.STORE_FULL),
    ):
        assert isinstance(event, FileFailed)
        assert (event.id, event.name, event.upload, event.code) == ("1", "a.txt", True, code)
        assert event.reason

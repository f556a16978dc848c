"""Which message a command means, and what Tab makes of it."""

from __future__ import annotations

from dataclasses import replace

from messango.client.events import AnyReceived, MessageReceived, PrivateMessageReceived
from messango.client.typed.addressing import Target
from messango.client.typed.which_message import expand_edit, expand_reply, find_message


def said(seq: int, name: str, text: str = "hi", *, own: bool = False) -> MessageReceived:
    """Return a message to all."""
    return MessageReceived(seq, f"i{seq}", name.lower(), 0.0, name, text, own=own, history=False)


def told(seq: int, name: str, to: str, *, own: bool = False) -> PrivateMessageReceived:
    """Return a private message."""
    fields = (seq, f"i{seq}", name.lower(), 0.0, name, "psst", own, False)
    return PrivateMessageReceived(*fields, to=to.lower(), to_name=to)


NEWEST_FIRST: list[AnyReceived] = [
    replace(said(9, "Ben", ""), deleted=True),
    said(8, "Ann", own=True),
    told(7, "Cy", "Ann"),
    said(6, "Ben"),
    said(5, "Ann", "old", own=True),
]


def _found(target: Target, *, change: bool = False) -> int | None:
    message = find_message(target, NEWEST_FIRST, change=change)
    return None if message is None else message.seq


def test_the_last_message_is_meant() -> None:
    """Of the others to answer it, of our own to change it; deleted ones do not count."""
    assert _found(Target()) == 7
    assert _found(Target(), change=True) == 8
    assert _found(Target(name="ben")) == 6
    assert _found(Target(name="Dan")) is None
    assert _found(Target(5)) == 5
    assert _found(Target(9)) is None


def test_an_answer_shows_whom_it_is_for() -> None:
    """A private message is answered privately, also our own."""
    names = ["Ben", "Ben 2", "Cy"]
    assert expand_reply(NEWEST_FIRST[2], "ok", names, is_last_of_author=True) == "/msg Cy ok"
    assert expand_reply(told(3, "Ann", "Ben", own=True), "", names, is_last_of_author=True) == "/msg “Ben” "
    assert expand_reply(NEWEST_FIRST[3], "", names, is_last_of_author=True) == "/reply “Ben” "
    assert expand_reply(NEWEST_FIRST[3], "yes", names, is_last_of_author=False) == "/reply #6 yes"
    assert expand_reply(said(2, "Gone"), "", names, is_last_of_author=True) == "/reply #2 "


def test_an_edit_shows_the_text() -> None:
    """With the number unless it is the last one, or could be taken for a number."""
    assert expand_edit(said(4, "Ann", "heer"), is_last=True) == "/edit heer"
    assert expand_edit(said(4, "Ann", "heer"), is_last=False) == "/edit #4 heer"
    assert expand_edit(said(4, "Ann", "#1 is best"), is_last=True) == "/edit #4 #1 is best"

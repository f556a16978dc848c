"""What the bar above the message field says, and when nothing private can be written."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from messango.client.members.presence import Presence, Whereabouts
from messango.gui.model.composer.composer_bar import (
    WHO_CAN_READ,
    bar_texts,
    blocked_text,
    placeholder,
    send_label,
)
from messango.gui.model.composer.composer_mode import PUBLIC, Answering, Editing, OnlyTo, Recipient
from messango.gui.model.composer.private_talk import private_refusal, whereabouts
from messango.protocol.error_codes import CONNECTION_BROKE, KICKED
from messango.protocol.text.validation import HOST_MEMBER_ID
from tests.gui.fakes import joined

BEN = Recipient("member Ben", "Ben")
HERE, AWAY, GONE = Whereabouts.HERE, Whereabouts.AWAY, Whereabouts.GONE


def test_everybody_needs_no_bar() -> None:
    """The field and its button are as usual."""
    assert bar_texts(PUBLIC, HERE) is None
    assert placeholder(PUBLIC, "Office") == "Write to Office"
    assert send_label(PUBLIC, narrow=False) == "Send"
    assert blocked_text(PUBLIC, HERE, "") == ""


@pytest.mark.parametrize(
    ("mode", "title", "quote", "note"),
    [
        (OnlyTo(BEN), "Only to Ben", "", WHO_CAN_READ),
        (OnlyTo(Recipient("x", "Ben and the host")), "Only to “Ben and the host”", "", WHO_CAN_READ),
        (Answering(1, "Ben", "a\nb"), "Answering Ben", "a\nb", ""),
        (Answering(1, "Ben", "a", BEN), "Only to Ben, answering", "a", WHO_CAN_READ),
        (Editing(1, "a"), "Editing your message", "", ""),
        (Editing(1, "a", BEN), "Editing your message to Ben", "", WHO_CAN_READ),
    ],
)
def test_the_bar_says_for_whom_the_text_is(
    mode: OnlyTo | Answering | Editing, title: str, quote: str, note: str
) -> None:
    """Names of several words are quoted, so that they say nothing in our place."""
    texts = bar_texts(mode, HERE)
    assert texts is not None
    assert (texts.title, texts.quote, texts.note) == (title, quote, note)
    assert texts.is_private is (mode.to is not None)
    assert not texts.is_blocked


def test_the_bar_says_what_keeps_a_text_from_being_sent() -> None:
    """The recipient is gone, or the message; somebody who is away gets it later."""
    away, gone = bar_texts(OnlyTo(BEN), AWAY), bar_texts(OnlyTo(BEN), GONE)
    assert away is not None
    assert gone is not None
    assert away.note == f"Ben is away and will get it when they are back. {WHO_CAN_READ}"
    assert blocked_text(Editing(1, "a", BEN), GONE, "") == ""
    assert (away.is_blocked, gone.is_blocked) == (False, True)
    assert "not in the room any more" in gone.note
    assert "deleted" in blocked_text(Editing(1, "a"), HERE, "That message was deleted.")


def test_the_field_says_it_as_well() -> None:
    """Not by colour alone; a long name is cut on the button."""
    assert placeholder(OnlyTo(BEN), "Office") == "Write to Ben only"
    assert placeholder(Answering(1, "Ben", ""), "Office") == "Answer Ben"
    assert send_label(OnlyTo(BEN), narrow=True) == "To Ben"
    assert send_label(OnlyTo(Recipient("x", "Aristoteles")), narrow=False) == "Send to Aristotel…"
    assert send_label(Editing(1, "a", BEN), narrow=False) == "Save"


def presence() -> Presence:
    """Return who is in the room."""
    here = Presence(lambda: 0.0)
    here.reset("Ann", joined("Ben", "Ann", "Old", unencrypted=("Old",)).everybody)
    return here


def test_private_messages_are_refused_before_they_are_written() -> None:
    """With the reason: the room, the connection, or the member."""
    event, here = joined("Ben", "Ann", "Old", unencrypted=("Old",)), presence()
    assert private_refusal(event, here, BEN) == ""
    assert "not in the room yet" in private_refusal(None, here, BEN)
    assert private_refusal(event, here, Recipient("member Ann", "Ann")) == "That is you."
    assert "encrypted" in private_refusal(event, here, Recipient("member Old", "Old"))
    assert "encrypted" in private_refusal(replace(event, encrypted=False), here, BEN)
    assert "host" in private_refusal(event, here, Recipient(HOST_MEMBER_ID, "Host"))
    older = replace(event, room=msgspec.structs.replace(event.room, features=()))
    assert "earlier version" in private_refusal(older, here, BEN)
    here.member_left("Ben", CONNECTION_BROKE)
    assert private_refusal(event, here, BEN) == ""
    # Somebody of that name is here, who is another member.
    assert whereabouts(here, Recipient("before", "old")) is GONE
    assert "not in the room any more" in private_refusal(event, here, Recipient("before", "old"))
    here.member_left("Old", KICKED)
    assert "not in the room any more" in private_refusal(event, here, Recipient("member Old", "Old"))
    assert "not in the room any more" in private_refusal(event, here, Recipient("", "Nobody"))

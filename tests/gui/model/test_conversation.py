"""One stay, without a display."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

from messango.client.events import (
    Connecting,
    Disconnected,
    EndReason,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    RequestFailed,
    SessionEnded,
)
from messango.client.presence import TYPING_SHOWN_S
from messango.errors import ConnectionLost, FingerprintMismatch, JoinRefused, MessangoError, RoomClosed
from messango.gui.model.banner import BannerAction, BannerSeverity
from messango.gui.model.blocks import BlockKind, DeliveryStatus
from messango.gui.model.conversation import ConversationModel
from messango.gui.model.session_end import RETRY_EVERY_S
from messango.room import host_events
from messango.room.host_events import RoomRenamed, ServerWarning
from tests.gui.fakes import FINGERPRINT, NOON, joined, received


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def new_conversation(clock: Clock | None = None) -> ConversationModel:
    """Return a stay that has just begun."""
    return ConversationModel("10.0.0.2:8000", now=lambda: NOON, clock=clock or Clock())


def joined_conversation(clock: Clock | None = None) -> ConversationModel:
    """Return a stay in a room with Ben and us."""
    conversation = new_conversation(clock)
    conversation.apply(Connecting(reconnecting=False))
    conversation.apply(joined("Ben", "Ann"))
    return conversation


def texts(conversation: ConversationModel, kind: BlockKind) -> list[str]:
    """Return the texts of all blocks of one kind."""
    transcript = conversation.transcript
    blocks = transcript.blocks(transcript.first, transcript.end)
    return [block.text for block in blocks if block.kind is kind]


def visible_text(conversation: ConversationModel) -> str:
    """Return what the banner says, or nothing."""
    return conversation.banner.text if conversation.banner else ""


def names(conversation: ConversationModel) -> list[str]:
    """Return the members' names."""
    return [row.name for row in conversation.members]


def test_the_title_becomes_the_rooms_name() -> None:
    """Until the room tells its name, the place stands for it."""
    conversation = new_conversation()
    conversation.apply(Connecting(reconnecting=False))
    assert (conversation.title, conversation.subtitle) == ("10.0.0.2:8000", "Joining…")
    conversation.apply(joined("Ben", "Ann"))
    assert conversation.title == "Office"
    assert conversation.subtitle == "2 of 5 seats taken · encrypted"
    assert conversation.banner is None


def test_members_come_and_go() -> None:
    """You stand first; the others in the order of their coming; each coming and going is a quiet line."""
    conversation = joined_conversation()
    conversation.apply(MemberJoined("Chiara"))
    assert names(conversation) == ["Ann", "Ben", "Chiara"]
    conversation.apply(MemberLeft("Ben", "left"))
    conversation.apply(MemberRenamed("Clara", "Chiara", you=False))
    assert names(conversation) == ["Ann", "Clara"]
    assert texts(conversation, BlockKind.NOTICE) == [
        "Chiara joined · Ben left",
        "Chiara is Clara now",
    ]


def test_your_new_name_is_yours() -> None:
    """After a rename you are still you, and what you say next stands under the new name."""
    conversation = joined_conversation()
    conversation.apply(MemberRenamed("Anna", "Ann", you=True))
    assert conversation.members[0].name == "Anna"
    assert conversation.members[0].you
    conversation.add_pending("a", "hello")
    assert conversation.transcript.pending()[0].name == "Anna"


def test_typing_is_shown_for_a_while() -> None:
    """It ends by itself, or with the message."""
    clock = Clock()
    conversation = joined_conversation(clock)
    conversation.apply(MemberTyping("Ben"))
    assert conversation.typing_text == "Ben is typing…"
    clock.seconds += TYPING_SHOWN_S
    assert conversation.typing_text == ""
    conversation.apply(MemberTyping("Ben"))
    conversation.apply(received(1, "Ben", "done"))
    assert conversation.typing_text == ""


def test_several_who_type_are_told_together() -> None:
    """Two are named, more are counted."""
    conversation = joined_conversation()
    for name in ("Chiara", "Deniz"):
        conversation.apply(MemberJoined(name))
    conversation.apply(MemberTyping("Ben"))
    conversation.apply(MemberTyping("Deniz"))
    assert conversation.typing_text == "Ben and Deniz are typing…"
    conversation.apply(MemberTyping("Chiara"))
    assert conversation.typing_text == "3 people are typing…"


def test_a_broken_connection_counts_down() -> None:
    """The banner says what happened and when it is tried again, and offers to try now."""
    clock = Clock()
    conversation = joined_conversation(clock)
    conversation.apply(Disconnected(ConnectionLost("The room has fallen silent."), 3.0))
    banner = conversation.banner
    assert banner is not None
    assert banner.text == "The room has fallen silent. Reconnecting in 3 s."
    assert (banner.severity, banner.actions) == (BannerSeverity.WARNING, (BannerAction.RETRY_NOW,))
    assert conversation.subtitle == "Connection lost"
    clock.seconds += 2.5
    assert "in 1 s" in visible_text(conversation)
    clock.seconds += 60
    assert "Reconnecting now" in visible_text(conversation)


def test_back_in_the_room_all_is_as_before() -> None:
    """The banner goes, and what was said meanwhile waited and is settled."""
    conversation = joined_conversation()
    conversation.apply(Disconnected(ConnectionLost("The room has fallen silent."), 3.0))
    conversation.add_pending("a", "still here")
    conversation.apply(Connecting(reconnecting=True))
    assert "Reconnecting now" in visible_text(conversation)
    conversation.apply(joined("Ben", "Ann", back=True))
    conversation.apply(received(7, "Ann", "still here", own="a"))
    assert conversation.banner is None
    assert conversation.transcript.pending() == []
    assert texts(conversation, BlockKind.NOTICE) == []


def test_a_full_room_says_so_and_offers_both_ways() -> None:
    """The reason and the hint are the server's; one may wait or go back."""
    conversation = new_conversation()
    conversation.apply(
        SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.", "Try again in a while."))
    )
    banner = conversation.banner
    assert banner is not None
    assert (banner.severity, banner.text, banner.hint) == (
        BannerSeverity.WARNING,
        "The room is full.",
        "Try again in a while.",
    )
    assert banner.actions == (BannerAction.WAIT_FOR_SEAT, BannerAction.BACK)
    assert (conversation.ended, conversation.has_left, conversation.subtitle) == (
        True,
        False,
        "Not connected",
    )


def test_a_changed_fingerprint_offers_no_second_try() -> None:
    """Trying again would only meet the same stranger."""
    conversation = new_conversation()
    conversation.apply(SessionEnded(EndReason.FAILED, FingerprintMismatch("Office", FINGERPRINT, "0" * 64)))
    assert conversation.banner is not None
    assert conversation.banner.actions == (BannerAction.BACK,)


def test_leaving_needs_no_words() -> None:
    """Whoever left on purpose sees no banner."""
    conversation = joined_conversation()
    conversation.apply(SessionEnded(EndReason.LEFT, None))
    assert conversation.has_left
    assert conversation.banner is None


def test_the_end_settles_what_waits() -> None:
    """What was not confirmed is shown as not sent, and nobody is in the room any more."""
    conversation = joined_conversation()
    conversation.add_pending("a", "last words")
    conversation.apply(
        SessionEnded(EndReason.CLOSED, JoinRefused("closing", "The host has closed the room."))
    )
    (pending,) = conversation.transcript.pending()
    assert pending.delivery is DeliveryStatus.FAILED
    assert conversation.members == []


def test_a_failed_request_is_told_until_it_is_read() -> None:
    """The stay goes on meanwhile."""
    conversation = joined_conversation()
    conversation.apply(RequestFailed("That name is too long.", "Choose a shorter one."))
    assert "That name is too long." in visible_text(conversation)
    conversation.dismiss_error()
    assert visible_text(conversation) == ""


def test_the_first_visit_says_how_the_room_is_known_for_sure() -> None:
    """By four words, or by the invite link that has told; a later visit says nothing."""
    conversation = new_conversation()
    conversation.apply(joined("Ann", first_visit=True))
    (notice,) = texts(conversation, BlockKind.NOTICE)
    assert "four words that Ctrl I shows" in notice
    invited = new_conversation()
    invited.apply(dataclasses.replace(joined("Ann", first_visit=True), by_invite=True))
    (notice,) = texts(invited, BlockKind.NOTICE)
    assert "your invite link" in notice
    assert texts(joined_conversation(), BlockKind.NOTICE) == []


def test_a_room_without_encryption_warns() -> None:
    """It is said in the transcript and under the title."""
    conversation = new_conversation()
    conversation.apply(joined("Ann", encrypted=False))
    assert "not encrypted" in texts(conversation, BlockKind.NOTICE)[0]
    assert conversation.subtitle.endswith("not encrypted")


def test_an_empty_transcript_is_no_riddle() -> None:
    """Words stand in it until there is something to read, and after the end the banner says all."""
    conversation = new_conversation()
    assert conversation.placeholder == "Joining…"
    conversation.apply(joined("Ann"))
    assert "Nothing has been said yet" in conversation.placeholder
    conversation.add_pending("a", "hello")
    assert conversation.placeholder == ""
    failed = new_conversation()
    failed.apply(SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.")))
    assert failed.placeholder == "You are not in the room."


def test_history_ends_where_the_room_says() -> None:
    """The line is drawn as soon as the last old message is there, though nobody has spoken yet."""
    conversation = new_conversation()
    conversation.apply(joined("Ben", "Ann", latest=2))
    conversation.apply(received(1, "Ben", "old", history=True))
    assert texts(conversation, BlockKind.SEPARATOR) == []
    conversation.apply(received(2, "Ben", "older", history=True))
    assert texts(conversation, BlockKind.SEPARATOR) == ["You came in here"]


def test_what_was_missed_ends_where_we_were_back() -> None:
    """After a broken connection nobody has come in anew: the line says what it is that stands above it."""
    conversation = joined_conversation()
    conversation.apply(received(1, "Ben", "before"))
    conversation.apply(joined("Ben", "Ann", back=True, latest=2))
    conversation.apply(received(2, "Ben", "meanwhile", history=True))
    assert texts(conversation, BlockKind.SEPARATOR) == ["You were away until here"]


def closed_conversation() -> ConversationModel:
    """Return a stay with one message that ended with its room."""
    conversation = joined_conversation()
    conversation.apply(received(1, "Ben", "old"))
    conversation.apply(SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host has closed “Office”.")))
    return conversation


def test_a_stay_goes_on_in_another_room() -> None:
    """What is shown stays and is not shown again; what is new comes below."""
    conversation = closed_conversation()
    conversation.start_new_session()
    assert (conversation.banner, conversation.ended) == (None, False)
    assert (conversation.title, conversation.subtitle) == ("Office", "Joining…")
    conversation.apply(joined("Ann", latest=1))
    conversation.apply(received(1, "Ben", "old", history=True))
    conversation.apply(received(2, "Ben", "new"))
    assert texts(conversation, BlockKind.MESSAGE) == ["old", "new"]
    assert [said.text for said in conversation.message_store.messages()] == ["old", "new"]
    assert names(conversation) == ["Ann"]


def test_what_failed_here_is_told_above_the_end() -> None:
    """Once it is read, what can be done about the end is offered again."""
    conversation = closed_conversation()
    offered = conversation.banner
    conversation.show_error(MessangoError("The disk is full.", "Choose another folder."))
    assert visible_text(conversation) == "The disk is full."
    conversation.dismiss_error()
    assert conversation.banner == offered


def test_a_room_that_is_open_here_says_so() -> None:
    """Under the title and in the transcript; nobody has to compare its fingerprint with themselves."""
    conversation = closed_conversation()
    conversation.hosting.start_opening()
    conversation.hosting.mark_open()
    conversation.start_new_session()
    conversation.apply(joined("Ann", first_visit=True))
    assert conversation.subtitle == "1 of 5 seats taken · encrypted · open on this machine"
    assert texts(conversation, BlockKind.NOTICE) == [
        "You host the room now: it closes for everybody when you leave"
    ]


def test_a_host_is_told_what_members_are_not() -> None:
    """Another name in the lists, and faults of this machine; comings and goings the client tells."""
    conversation = joined_conversation()
    conversation.handle_host_event(RoomRenamed("Office 2"))
    conversation.handle_host_event(ServerWarning("The disk is full."))
    conversation.handle_host_event(host_events.MemberJoined("10.0.0.3:50000", "Ben", 2, 5, resumed=False))
    told = texts(conversation, BlockKind.NOTICE)
    assert "“Office 2”" in told[0]
    assert told[1:] == ["The disk is full."]


def test_a_gap_is_told() -> None:
    """Who was away for longer than the room remembers reads that something may be missing."""
    conversation = joined_conversation()
    conversation.apply(replace(joined("Ben", "Ann", back=True), gap=True))
    assert "may be missing" in texts(conversation, BlockKind.NOTICE)[-1]


def asks_confirmation(conversation: ConversationModel) -> bool:
    """Return whether it is time to ask for a seat."""
    return conversation.should_retry_join


def test_who_waits_for_a_seat_is_asked_for_one_now_and_then() -> None:
    """At once, then after each refusal a while later, until there is a seat or they have enough."""
    clock = Clock()
    conversation = new_conversation(clock)
    full = SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.", "Try again in a while."))
    conversation.apply(full)
    assert not asks_confirmation(conversation)
    conversation.start_waiting()
    assert asks_confirmation(conversation)
    conversation.start_new_session()
    assert conversation.subtitle == "Waiting for a seat"
    conversation.apply(full)
    assert not asks_confirmation(conversation)
    assert visible_text(conversation) == "Waiting for a seat. The room is full."
    clock.seconds += RETRY_EVERY_S
    assert asks_confirmation(conversation)
    conversation.stop_waiting()
    assert not asks_confirmation(conversation)
    assert visible_text(conversation) == "The room is full."


def test_waiting_ends_with_a_seat_or_another_answer() -> None:
    """A room that closes meanwhile is not asked any more."""
    conversation = new_conversation()
    conversation.apply(SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.")))
    conversation.start_waiting()
    conversation.start_new_session()
    conversation.apply(SessionEnded(EndReason.FAILED, JoinRefused("banned", "You are banned.")))
    assert not asks_confirmation(conversation)
    assert visible_text(conversation) == "You are banned."

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
from messango.errors import ConnectionLost, FingerprintMismatch, JoinRefused, MessangoError, RoomClosed
from messango.gui.model.banner import Step, Tone
from messango.gui.model.blocks import Delivery, Kind
from messango.gui.model.conversation import Conversation
from messango.gui.model.roster import TYPING_SHOWN_S
from messango.gui.model.session_end import ASK_EVERY_S
from messango.server.host_events import HostMemberJoined, RoomRenamed, ServerWarning
from tests.gui.fakes import FINGERPRINT, NOON, entered, heard


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def new(clock: Clock | None = None) -> Conversation:
    """Return a stay that has just begun."""
    return Conversation("10.0.0.2:8000", now=lambda: NOON, clock=clock or Clock())


def inside(clock: Clock | None = None) -> Conversation:
    """Return a stay in a room with Ben and us."""
    conversation = new(clock)
    conversation.hear(Connecting(reconnecting=False))
    conversation.hear(entered("Ben", "Ann"))
    return conversation


def texts(conversation: Conversation, kind: Kind) -> list[str]:
    """Return the texts of all blocks of one kind."""
    transcript = conversation.transcript
    blocks = transcript.blocks(transcript.first, transcript.end)
    return [block.text for block in blocks if block.kind is kind]


def words(conversation: Conversation) -> str:
    """Return what the banner says, or nothing."""
    return conversation.banner.text if conversation.banner else ""


def names(conversation: Conversation) -> list[str]:
    """Return the members' names."""
    return [row.name for row in conversation.members]


def test_the_title_becomes_the_rooms_name() -> None:
    """Until the room tells its name, the place stands for it."""
    conversation = new()
    conversation.hear(Connecting(reconnecting=False))
    assert (conversation.title, conversation.subtitle) == ("10.0.0.2:8000", "Joining…")
    conversation.hear(entered("Ben", "Ann"))
    assert conversation.title == "Office"
    assert conversation.subtitle == "2 of 5 seats taken · encrypted"
    assert conversation.banner is None


def test_members_come_and_go() -> None:
    """You stand first; the others in the order of their coming; each coming and going is a quiet line."""
    conversation = inside()
    conversation.hear(MemberJoined("Chiara"))
    assert names(conversation) == ["Ann", "Ben", "Chiara"]
    conversation.hear(MemberLeft("Ben", "left"))
    conversation.hear(MemberRenamed("Clara", "Chiara", you=False))
    assert names(conversation) == ["Ann", "Clara"]
    assert texts(conversation, Kind.NOTICE) == [
        "Chiara joined · Ben left",
        "Chiara is Clara now",
    ]


def test_your_new_name_is_yours() -> None:
    """After a rename you are still you, and what you say next stands under the new name."""
    conversation = inside()
    conversation.hear(MemberRenamed("Anna", "Ann", you=True))
    assert conversation.members[0].name == "Anna"
    assert conversation.members[0].you
    conversation.said("a", "hello")
    assert conversation.transcript.pending()[0].name == "Anna"


def test_typing_is_shown_for_a_while() -> None:
    """It ends by itself, or with the message."""
    clock = Clock()
    conversation = inside(clock)
    conversation.hear(MemberTyping("Ben"))
    assert conversation.typing == "Ben is typing…"
    clock.seconds += TYPING_SHOWN_S
    assert conversation.typing == ""
    conversation.hear(MemberTyping("Ben"))
    conversation.hear(heard(1, "Ben", "done"))
    assert conversation.typing == ""


def test_several_who_type_are_told_together() -> None:
    """Two are named, more are counted."""
    conversation = inside()
    for name in ("Chiara", "Deniz"):
        conversation.hear(MemberJoined(name))
    conversation.hear(MemberTyping("Ben"))
    conversation.hear(MemberTyping("Deniz"))
    assert conversation.typing == "Ben and Deniz are typing…"
    conversation.hear(MemberTyping("Chiara"))
    assert conversation.typing == "3 people are typing…"


def test_a_broken_connection_counts_down() -> None:
    """The banner says what happened and when it is tried again, and offers to try now."""
    clock = Clock()
    conversation = inside(clock)
    conversation.hear(Disconnected(ConnectionLost("The room has fallen silent."), 3.0))
    banner = conversation.banner
    assert banner is not None
    assert banner.text == "The room has fallen silent. Reconnecting in 3 s."
    assert (banner.tone, banner.steps) == (Tone.CAUTION, (Step.RETRY_NOW,))
    assert conversation.subtitle == "Connection lost"
    clock.seconds += 2.5
    assert "in 1 s" in words(conversation)
    clock.seconds += 60
    assert "Reconnecting now" in words(conversation)


def test_back_in_the_room_all_is_as_before() -> None:
    """The banner goes, and what was said meanwhile waited and is settled."""
    conversation = inside()
    conversation.hear(Disconnected(ConnectionLost("The room has fallen silent."), 3.0))
    conversation.said("a", "still here")
    conversation.hear(Connecting(reconnecting=True))
    assert "Reconnecting now" in words(conversation)
    conversation.hear(entered("Ben", "Ann", back=True))
    conversation.hear(heard(7, "Ann", "still here", own="a"))
    assert conversation.banner is None
    assert conversation.transcript.pending() == []
    assert texts(conversation, Kind.NOTICE) == []


def test_a_full_room_says_so_and_offers_both_ways() -> None:
    """The reason and the hint are the server's; one may wait or go back."""
    conversation = new()
    conversation.hear(
        SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.", "Try again in a while."))
    )
    banner = conversation.banner
    assert banner is not None
    assert (banner.tone, banner.text, banner.hint) == (
        Tone.CAUTION,
        "The room is full.",
        "Try again in a while.",
    )
    assert banner.steps == (Step.WAIT, Step.BACK)
    assert (conversation.ended, conversation.left, conversation.subtitle) == (True, False, "Not connected")


def test_a_changed_fingerprint_offers_no_second_try() -> None:
    """Trying again would only meet the same stranger."""
    conversation = new()
    conversation.hear(SessionEnded(EndReason.FAILED, FingerprintMismatch("Office", FINGERPRINT, "0" * 64)))
    assert conversation.banner is not None
    assert conversation.banner.steps == (Step.BACK,)


def test_leaving_needs_no_words() -> None:
    """Whoever left on purpose sees no banner."""
    conversation = inside()
    conversation.hear(SessionEnded(EndReason.LEFT, None))
    assert conversation.left
    assert conversation.banner is None


def test_the_end_settles_what_waits() -> None:
    """What was not confirmed is shown as not sent, and nobody is in the room any more."""
    conversation = inside()
    conversation.said("a", "last words")
    conversation.hear(SessionEnded(EndReason.CLOSED, JoinRefused("closing", "The host has closed the room.")))
    (pending,) = conversation.transcript.pending()
    assert pending.delivery is Delivery.FAILED
    assert conversation.members == []


def test_a_failed_request_is_told_until_it_is_read() -> None:
    """The stay goes on meanwhile."""
    conversation = inside()
    conversation.hear(RequestFailed("That name is too long.", "Choose a shorter one."))
    assert "That name is too long." in words(conversation)
    conversation.dismiss()
    assert words(conversation) == ""


def test_the_first_visit_says_how_the_room_is_known_for_sure() -> None:
    """By four words, or by the invite link that has told; a later visit says nothing."""
    conversation = new()
    conversation.hear(entered("Ann", first_visit=True))
    (notice,) = texts(conversation, Kind.NOTICE)
    assert "four words that Ctrl I shows" in notice
    invited = new()
    invited.hear(dataclasses.replace(entered("Ann", first_visit=True), by_invite=True))
    (notice,) = texts(invited, Kind.NOTICE)
    assert "your invite link" in notice
    assert texts(inside(), Kind.NOTICE) == []


def test_a_room_without_encryption_warns() -> None:
    """It is said in the transcript and under the title."""
    conversation = new()
    conversation.hear(entered("Ann", encrypted=False))
    assert "not encrypted" in texts(conversation, Kind.NOTICE)[0]
    assert conversation.subtitle.endswith("not encrypted")


def test_an_empty_transcript_is_no_riddle() -> None:
    """Words stand in it until there is something to read, and after the end the banner says all."""
    conversation = new()
    assert conversation.silence == "Joining…"
    conversation.hear(entered("Ann"))
    assert "Nothing has been said yet" in conversation.silence
    conversation.said("a", "hello")
    assert conversation.silence == ""
    failed = new()
    failed.hear(SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.")))
    assert failed.silence == "You are not in the room."


def test_history_ends_where_the_room_says() -> None:
    """The line is drawn as soon as the last old message is there, though nobody has spoken yet."""
    conversation = new()
    conversation.hear(entered("Ben", "Ann", latest=2))
    conversation.hear(heard(1, "Ben", "old", history=True))
    assert texts(conversation, Kind.RULE) == []
    conversation.hear(heard(2, "Ben", "older", history=True))
    assert texts(conversation, Kind.RULE) == ["You came in here"]


def test_what_was_missed_ends_where_we_were_back() -> None:
    """After a broken connection nobody has come in anew: the line says what it is that stands above it."""
    conversation = inside()
    conversation.hear(heard(1, "Ben", "before"))
    conversation.hear(entered("Ben", "Ann", back=True, latest=2))
    conversation.hear(heard(2, "Ben", "meanwhile", history=True))
    assert texts(conversation, Kind.RULE) == ["You were away until here"]


def closed() -> Conversation:
    """Return a stay with one message that ended with its room."""
    conversation = inside()
    conversation.hear(heard(1, "Ben", "old"))
    conversation.hear(SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host has closed “Office”.")))
    return conversation


def test_a_stay_goes_on_in_another_room() -> None:
    """What is shown stays and is not shown again; what is new comes below."""
    conversation = closed()
    conversation.go_on()
    assert (conversation.banner, conversation.ended) == (None, False)
    assert (conversation.title, conversation.subtitle) == ("Office", "Joining…")
    conversation.hear(entered("Ann", latest=1))
    conversation.hear(heard(1, "Ben", "old", history=True))
    conversation.hear(heard(2, "Ben", "new"))
    assert texts(conversation, Kind.MESSAGE) == ["old", "new"]
    assert [said.text for said in conversation.held.messages()] == ["old", "new"]
    assert names(conversation) == ["Ann"]


def test_what_failed_here_is_told_above_the_end() -> None:
    """Once it is read, what can be done about the end is offered again."""
    conversation = closed()
    offered = conversation.banner
    conversation.complain(MessangoError("The disk is full.", "Choose another folder."))
    assert words(conversation) == "The disk is full."
    conversation.dismiss()
    assert conversation.banner == offered


def test_a_room_that_is_open_here_says_so() -> None:
    """Under the title and in the transcript; nobody has to compare its fingerprint with themselves."""
    conversation = closed()
    conversation.hosted.begin()
    conversation.hosted.opened()
    conversation.go_on()
    conversation.hear(entered("Ann", first_visit=True))
    assert conversation.subtitle == "1 of 5 seats taken · encrypted · open on this machine"
    assert texts(conversation, Kind.NOTICE) == [
        "You host the room now: it closes for everybody when you leave"
    ]


def test_a_host_is_told_what_members_are_not() -> None:
    """Another name in the lists, and faults of this machine; comings and goings the client tells."""
    conversation = inside()
    conversation.told_as_host(RoomRenamed("Office 2"))
    conversation.told_as_host(ServerWarning("The disk is full."))
    conversation.told_as_host(HostMemberJoined("10.0.0.3:50000", "Ben", 2, 5, back=False))
    told = texts(conversation, Kind.NOTICE)
    assert "“Office 2”" in told[0]
    assert told[1:] == ["The disk is full."]


def test_a_gap_is_told() -> None:
    """Who was away for longer than the room remembers reads that something may be missing."""
    conversation = inside()
    conversation.hear(replace(entered("Ben", "Ann", back=True), gap=True))
    assert "may be missing" in texts(conversation, Kind.NOTICE)[-1]


def asks(conversation: Conversation) -> bool:
    """Return whether it is time to ask for a seat."""
    return conversation.ending_asks


def test_who_waits_for_a_seat_is_asked_for_one_now_and_then() -> None:
    """At once, then after each refusal a while later, until there is a seat or they have enough."""
    clock = Clock()
    conversation = new(clock)
    full = SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.", "Try again in a while."))
    conversation.hear(full)
    assert not asks(conversation)
    conversation.wait()
    assert asks(conversation)
    conversation.go_on()
    assert conversation.subtitle == "Waiting for a seat"
    conversation.hear(full)
    assert not asks(conversation)
    assert words(conversation) == "Waiting for a seat. The room is full."
    clock.seconds += ASK_EVERY_S
    assert asks(conversation)
    conversation.wait_no_more()
    assert not asks(conversation)
    assert words(conversation) == "The room is full."


def test_waiting_ends_with_a_seat_or_another_answer() -> None:
    """A room that closes meanwhile is not asked any more."""
    conversation = new()
    conversation.hear(SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.")))
    conversation.wait()
    conversation.go_on()
    conversation.hear(SessionEnded(EndReason.FAILED, JoinRefused("banned", "You are banned.")))
    assert not asks(conversation)
    assert words(conversation) == "You are banned."

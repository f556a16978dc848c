"""A session in a room, without a display."""

from __future__ import annotations

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
from messango.client.members.presence import TYPING_SHOWN_S
from messango.errors import ConnectionLost, JoinRefused, MessangoError, RoomClosed
from messango.gui.model.composer.outgoing import OutgoingMessage
from messango.gui.model.conversation.banner import BannerAction, BannerSeverity
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.conversation.session_end import RETRY_EVERY_S
from messango.gui.model.transcript.blocks import BlockKind, DeliveryStatus
from messango.protocol.frames import Person
from messango.room.host import host_events
from messango.room.host.host_events import RoomRenamed, ServerWarning
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.gui.fakes import FINGERPRINT, NOON, joined, received


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def new_conversation(clock: Clock | None = None) -> ConversationModel:
    """Return a session that has just begun."""
    return ConversationModel("10.0.0.2:8000", now=lambda: NOON, clock=clock or Clock())


def joined_conversation(clock: Clock | None = None) -> ConversationModel:
    """Return a session in a room with Ben."""
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
    """Return the banner's text, or an empty text."""
    return conversation.banner.text if conversation.banner else ""


def names(conversation: ConversationModel) -> list[str]:
    """Return the members' names."""
    return [row.name for row in conversation.members]


def test_title_is_the_room_name_after_joining() -> None:
    """Before that, it is the address."""
    conversation = new_conversation()
    conversation.apply(Connecting(reconnecting=False))
    assert (conversation.title, conversation.subtitle) == ("10.0.0.2:8000", "Joining…")
    conversation.apply(joined("Ben", "Ann"))
    assert conversation.title == "Office"
    assert conversation.subtitle == "2 of 5 seats taken · encrypted"
    assert conversation.banner is None


def test_names_are_explained() -> None:
    """What ours became and who only looks like somebody: on joining, on coming back, and on a rename."""
    fake = "B\u0435n"
    people = (Person("a", "Ann 2"), Person("b", "Ben"), Person("c", fake, resembles="Ben"))
    warning = f"Careful: “{fake}” only looks like “Ben”; they are two members."
    taken = "You are called “Ann 2” here: “Ann” was taken."
    event = replace(joined("Ben", "Ann"), you="Ann 2", wanted="Ann", members=("Ann 2", "Ben"), people=people)
    conversation = new_conversation()
    conversation.apply(event)
    assert texts(conversation, BlockKind.NOTICE) == [taken]
    conversation.apply(replace(event, members=("Ann 2", "Ben", fake), resumed=True))
    conversation.apply(replace(event, members=("Ann 2", "Ben", fake), resumed=True))
    assert texts(conversation, BlockKind.NOTICE) == [taken, warning]
    conversation.apply(MemberLeft(fake, "kicked", note="You are not Ben."))
    conversation.apply(MemberJoined(fake, resembles="Ben"))
    assert texts(conversation, BlockKind.NOTICE)[2:] == [
        f"{fake} left (removed by the host: You are not Ben) · {fake} joined",
        warning,
    ]


def test_joins_and_leaves_update_members_and_transcript() -> None:
    """You are first, the others in the order in which they joined; joins and leaves are notices."""
    conversation = joined_conversation()
    conversation.apply(MemberJoined("Chiara"))
    assert names(conversation) == ["Ann", "Ben", "Chiara"]
    conversation.apply(MemberLeft("Ben", "left"))
    conversation.apply(MemberRenamed("Clara", "Chiara", you=False))
    assert names(conversation) == ["Ann", "Clara"]
    assert texts(conversation, BlockKind.NOTICE) == [
        "Chiara joined · Ben left",
        "Chiara is now called Clara",
    ]


def test_own_rename_changes_the_own_name() -> None:
    """You are still marked as you, and your next message has the new name."""
    conversation = joined_conversation()
    conversation.apply(MemberRenamed("Anna", "Ann", you=True))
    assert conversation.members[0].name == "Anna"
    assert conversation.members[0].you
    conversation.add_pending("a", OutgoingMessage("hello"))
    assert conversation.transcript.pending()[0].name == "Anna"


def test_typing_expires() -> None:
    """Typing ends after a while, or with the message."""
    clock = Clock()
    conversation = joined_conversation(clock)
    conversation.apply(MemberTyping("Ben"))
    assert conversation.typing_text == "Ben is typing…"
    clock.seconds += TYPING_SHOWN_S
    assert conversation.typing_text == ""
    conversation.apply(MemberTyping("Ben"))
    conversation.apply(received(1, "Ben", "done"))
    assert conversation.typing_text == ""


def test_typing_of_several_members_is_one_sentence() -> None:
    """Two are named, more are counted."""
    conversation = joined_conversation()
    for name in ("Chiara", "Deniz"):
        conversation.apply(MemberJoined(name))
    conversation.apply(MemberTyping("Ben"))
    conversation.apply(MemberTyping("Deniz"))
    assert conversation.typing_text == "Ben and Deniz are typing…"
    conversation.apply(MemberTyping("Chiara"))
    assert conversation.typing_text == "3 people are typing…"


def test_lost_connection_shows_a_countdown() -> None:
    """The banner shows the reason and the time until the next attempt, and offers to retry now."""
    clock = Clock()
    conversation = joined_conversation(clock)
    conversation.apply(Disconnected(ConnectionLost("The room stopped responding."), 3.0))
    banner = conversation.banner
    assert banner is not None
    assert banner.text == "The room stopped responding. Reconnecting in 3 s."
    assert (banner.severity, banner.actions) == (BannerSeverity.WARNING, (BannerAction.RETRY_NOW,))
    assert conversation.subtitle == "Connection lost"
    clock.seconds += 2.5
    assert "in 1 s" in visible_text(conversation)
    clock.seconds += 60
    assert "Reconnecting now" in visible_text(conversation)


def test_reconnecting_removes_the_banner() -> None:
    """A message that was written meanwhile was pending and is now settled."""
    conversation = joined_conversation()
    conversation.apply(Disconnected(ConnectionLost("The room stopped responding."), 3.0))
    conversation.add_pending("a", OutgoingMessage("still here"))
    conversation.apply(Connecting(reconnecting=True))
    assert "Reconnecting now" in visible_text(conversation)
    conversation.apply(joined("Ben", "Ann", back=True))
    conversation.apply(received(7, "Ann", "still here", own="a"))
    assert conversation.banner is None
    assert conversation.transcript.pending() == []
    assert texts(conversation, BlockKind.NOTICE) == []


def test_full_room_offers_waiting_and_going_back() -> None:
    """Reason and hint are the server's."""
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


def test_changed_fingerprint_offers_no_retry() -> None:
    """A retry would fail again."""
    conversation = new_conversation()
    conversation.apply(SessionEnded(EndReason.FAILED, FingerprintMismatch("Office", FINGERPRINT, "0" * 64)))
    assert conversation.banner is not None
    assert conversation.banner.actions == (BannerAction.BACK,)


def test_leaving_shows_no_banner() -> None:
    """The user left on purpose."""
    conversation = joined_conversation()
    conversation.apply(SessionEnded(EndReason.LEFT, None))
    assert conversation.has_left
    assert conversation.banner is None


def test_session_end_fails_pending_messages() -> None:
    """They are shown as not sent, and the list of members is empty."""
    conversation = joined_conversation()
    conversation.add_pending("a", OutgoingMessage("last words"))
    conversation.apply(
        SessionEnded(EndReason.CLOSED, JoinRefused("closing", "The host has closed the room."))
    )
    (pending,) = conversation.transcript.pending()
    assert pending.delivery is DeliveryStatus.FAILED
    assert conversation.members == []


def test_failed_request_is_shown_until_dismissed() -> None:
    """The session goes on meanwhile."""
    conversation = joined_conversation()
    conversation.apply(RequestFailed("That name is too long.", "Choose a shorter one."))
    assert "That name is too long." in visible_text(conversation)
    conversation.dismiss_error()
    assert visible_text(conversation) == ""


def test_first_visit_is_shown_without_ending_the_history() -> None:
    """The words are computed in a thread, so they may arrive between old messages."""
    conversation = new_conversation()
    conversation.apply(joined("Ann", first_visit=True, latest=2))
    conversation.apply(received(1, "Ben", "old", history=True))
    conversation.show_first_visit("First visit.")
    conversation.apply(received(2, "Ben", "older", history=True))
    assert texts(conversation, BlockKind.NOTICE) == ["First visit."]
    assert texts(conversation, BlockKind.SEPARATOR) == ["You joined here"]


def test_unencrypted_room_shows_a_warning() -> None:
    """In the transcript and under the title."""
    conversation = new_conversation()
    conversation.apply(joined("Ann", encrypted=False))
    assert "not encrypted" in texts(conversation, BlockKind.NOTICE)[0]
    assert conversation.subtitle.endswith("not encrypted")


def test_empty_transcript_has_a_placeholder() -> None:
    """Until there is a message; it depends on the state of the session."""
    conversation = new_conversation()
    assert conversation.placeholder == "Joining…"
    conversation.apply(joined("Ann"))
    assert "No messages yet" in conversation.placeholder
    conversation.add_pending("a", OutgoingMessage("hello"))
    assert conversation.placeholder == ""
    failed = new_conversation()
    failed.apply(SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.")))
    assert failed.placeholder == "You are not in the room."


def test_history_ends_with_its_last_message() -> None:
    """The separator is drawn after the last old message, even without a new one."""
    conversation = new_conversation()
    conversation.apply(joined("Ben", "Ann", latest=2))
    conversation.apply(received(1, "Ben", "old", history=True))
    assert texts(conversation, BlockKind.SEPARATOR) == []
    conversation.apply(received(2, "Ben", "older", history=True))
    assert texts(conversation, BlockKind.SEPARATOR) == ["You joined here"]


def test_missed_messages_have_their_own_separator() -> None:
    """After a lost connection, the separator says that the messages above it were missed."""
    conversation = joined_conversation()
    conversation.apply(received(1, "Ben", "before"))
    conversation.apply(joined("Ben", "Ann", back=True, latest=2))
    conversation.apply(received(2, "Ben", "meanwhile", history=True))
    assert texts(conversation, BlockKind.SEPARATOR) == ["You were away until here"]


def closed_conversation() -> ConversationModel:
    """Return a session with one message, whose room was closed."""
    conversation = joined_conversation()
    conversation.apply(received(1, "Ben", "old"))
    conversation.apply(SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host has closed “Office”.")))
    return conversation


def test_conversation_continues_in_a_new_session() -> None:
    """Messages stay and are not shown twice; new ones are added below."""
    conversation = closed_conversation()
    conversation.start_new_session()
    assert (conversation.banner, conversation.ended) == (None, False)
    assert (conversation.title, conversation.subtitle) == ("Office", "Joining…")
    conversation.apply(joined("Ann", latest=1))
    conversation.apply(received(1, "Ben", "old", history=True))
    conversation.apply(received(2, "Ben", "new"))
    assert texts(conversation, BlockKind.MESSAGE) == ["old", "new"]
    assert [message.text for message in conversation.message_store.messages()] == ["old", "new"]
    assert names(conversation) == ["Ann"]


def test_error_covers_the_banner_of_the_end() -> None:
    """After it is dismissed, the banner of the end is back."""
    conversation = closed_conversation()
    offered = conversation.banner
    conversation.show_error(MessangoError("The disk is full.", "Choose another folder."))
    assert visible_text(conversation) == "The disk is full."
    conversation.dismiss_error()
    assert conversation.banner == offered


def test_hosted_room_says_so() -> None:
    """Under the title and in the transcript."""
    conversation = closed_conversation()
    conversation.hosting.start_opening()
    conversation.hosting.mark_open()
    conversation.start_new_session()
    conversation.apply(joined("Ann", first_visit=True))
    assert conversation.subtitle == "1 of 5 seats taken · encrypted · hosted by you"
    assert texts(conversation, BlockKind.NOTICE) == [
        "You host the room now: it closes for everybody when you leave"
    ]


def test_host_events_are_shown_as_notices() -> None:
    """A changed name and warnings are; joins are not, because the client reports them, too."""
    conversation = joined_conversation()
    conversation.handle_host_event(RoomRenamed("Office 2"))
    conversation.handle_host_event(RoomRenamed("Tea”. All is “well"))
    conversation.handle_host_event(ServerWarning("The disk is full."))
    conversation.handle_host_event(host_events.ServerNotice("It has space again."))
    conversation.handle_host_event(host_events.MemberJoined("10.0.0.3:50000", "Ben", 2, 5, resumed=False))
    conversation.handle_host_event(host_events.GuestLink("key", 0.0, 2, "There is a new link."))
    conversation.handle_host_event(host_events.GuestLinkExpired())
    notices = texts(conversation, BlockKind.NOTICE)
    assert "“Office 2”" in notices[0]
    assert notices[1].endswith("“Tea'. All is 'well”")
    assert notices[2:-1] == ["The disk is full.", "It has space again.", "There is a new link."]
    assert "has expired" in notices[-1]


def test_gap_in_the_history_is_shown() -> None:
    """After a long absence, a notice says that messages may be missing."""
    conversation = joined_conversation()
    conversation.apply(replace(joined("Ben", "Ann", back=True), gap=True))
    assert "may be missing" in texts(conversation, BlockKind.NOTICE)[-1]


def retries_now(conversation: ConversationModel) -> bool:
    """Return whether an attempt to join is due."""
    return conversation.should_retry_join


def test_waiting_for_a_seat_retries_regularly() -> None:
    """At once, then a while after each refusal, until the user stops waiting."""
    clock = Clock()
    conversation = new_conversation(clock)
    full = SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.", "Try again in a while."))
    conversation.apply(full)
    assert not retries_now(conversation)
    conversation.start_waiting()
    assert retries_now(conversation)
    conversation.start_new_session()
    assert conversation.subtitle == "Waiting for a seat"
    conversation.apply(full)
    assert not retries_now(conversation)
    assert visible_text(conversation) == "Waiting for a seat. The room is full."
    clock.seconds += RETRY_EVERY_S
    assert retries_now(conversation)
    conversation.stop_waiting()
    assert not retries_now(conversation)
    assert visible_text(conversation) == "The room is full."


def test_waiting_ends_with_another_refusal() -> None:
    """If the user is banned meanwhile, no attempt follows."""
    conversation = new_conversation()
    conversation.apply(SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.")))
    conversation.start_waiting()
    conversation.start_new_session()
    conversation.apply(SessionEnded(EndReason.FAILED, JoinRefused("banned", "You are banned.")))
    assert not retries_now(conversation)
    assert visible_text(conversation) == "You are banned."

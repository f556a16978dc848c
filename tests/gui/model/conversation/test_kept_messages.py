"""What the window keeps of a conversation, for saving it or hosting it again: its present form."""

from __future__ import annotations

from messango.client.events import Connecting, HistoryEnded, PrivateMessageReceived
from messango.gui.model.conversation.conversation import ConversationModel
from messango.protocol.frames import Quote
from tests.client.received_messages import answer, deleted, edited, reacted
from tests.client.received_messages import received as heard
from tests.gui.fakes import NOON, joined, received


def joined_conversation() -> ConversationModel:
    """Return a session in a room with Ben."""
    conversation = ConversationModel("10.0.0.2:8000", now=lambda: NOON, clock=lambda: 0.0)
    conversation.apply(Connecting(reconnecting=False))
    conversation.apply(joined("Ben", "Ann"))
    conversation.apply(HistoryEnded())
    return conversation


def test_changes_are_kept() -> None:
    """A deleted text is gone, also from what answers it."""
    conversation = joined_conversation()
    for event in (
        heard(1, "secret"),
        heard(2, "what?", quoted=Quote(1, "Ben", "secret")),
        heard(3, "helo"),
        deleted(4, 1),
        edited(5, 3, "hello"),
        reacted(6, 3),
    ):
        conversation.apply(event)
    kept = conversation.message_store.messages()
    assert [(each.text, each.deleted, len(each.reactions)) for each in kept] == [
        ("", True, 0),
        ("what?", False, 0),
        ("hello", False, 1),
    ]
    assert "secret" not in repr((kept, vars(conversation.present)))


def test_private_messages_are_kept() -> None:
    """They are saved with the others; `rehost` leaves them out."""
    conversation = joined_conversation()
    told = PrivateMessageReceived(
        1, "1", "b", NOON, "Ben", "psst", own=False, history=False, to="a", to_name="Ann"
    )
    conversation.apply(told)
    assert conversation.message_store.messages() == (told,)


def test_the_numbers_of_another_host() -> None:
    """What we have gets its new number, and is changed by it."""
    conversation = joined_conversation()
    conversation.apply(received(7, "Ben", "one", own="ben-1"))
    conversation.apply(joined("Ben", "Ann", latest=1))
    conversation.apply(received(1, "Ben", "one", own="ben-1", history=True))
    conversation.apply(edited(2, 1, "won"))
    assert [(each.seq, each.text) for each in conversation.message_store.messages()] == [(1, "won")]


def test_older_messages_are_present_by_number() -> None:
    """Those that an answer brings, and their changes."""
    conversation = joined_conversation()
    conversation.apply(answer(heard(1, "old"), latest=3))
    conversation.apply(edited(4, 1, "older"))
    message = conversation.present.get(1)
    assert message is not None
    assert message.text == "older"

"""Answers, reactions, edits, deletions and private messages as a session gets them, without a display."""

from __future__ import annotations

import dataclasses

import msgspec

from messango.client.events import (
    MessageDeleted,
    MessageEdited,
    MessageFailed,
    ReactionChanged,
    RoomJoined,
)
from messango.gui.model.composer.composer_mode import Recipient
from messango.gui.model.composer.outgoing import OutgoingMessage
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.transcript.blocks import Block
from messango.protocol.frames import Quote
from tests.gui.fakes import NOON, joined, received, told


def joined_conversation() -> ConversationModel:
    """Return Ann's session in a room with Ben."""
    conversation = ConversationModel("10.0.0.2:8000", now=lambda: NOON, clock=lambda: 0.0)
    conversation.apply(joined("Ben", "Ann"))
    return conversation


def block_of(conversation: ConversationModel, seq: int) -> Block:
    """Return the block of a message."""
    number = conversation.transcript.find(seq)
    assert number is not None
    return conversation.transcript.block(number)


def reacted(seq: int, target: int, name: str, *, on: bool = True, own: bool = False) -> ReactionChanged:
    """Return the event of a heart."""
    return ReactionChanged(seq, f"r{seq}", target, f"member {name}", name, NOON, "❤️", on, own, history=False)


def edited(seq: int, target: int, name: str, text: str) -> MessageEdited:
    """Return the event of an edit."""
    return MessageEdited(seq, f"e{seq}", target, f"member {name}", name, NOON, text, own=False, history=False)


def deleted(seq: int, target: int, name: str) -> MessageDeleted:
    """Return the event of a deletion."""
    return MessageDeleted(seq, f"d{seq}", target, f"member {name}", name, NOON, own=False, history=False)


def test_reactions_are_counted_and_taken_back() -> None:
    """Ours is marked."""
    conversation = joined_conversation()
    conversation.apply(received(1, "Ben", "lunch?"))
    conversation.apply(reacted(2, 1, "Ben"))
    conversation.apply(reacted(3, 1, "Ann", own=True))
    (heart,) = block_of(conversation, 1).reactions
    assert (heart.count, heart.mine, heart.names) == (2, True, ("Ben", "Ann"))
    conversation.apply(reacted(4, 1, "Ann", on=False, own=True))
    conversation.apply(reacted(5, 1, "Ben", on=False))
    assert block_of(conversation, 1).reactions == ()


def test_edit_and_deletion_reach_the_quotes() -> None:
    """The text is gone everywhere: in the block, in its answer, and in what can be saved."""
    conversation = joined_conversation()
    conversation.apply(received(1, "Ben", "my pasword is mango"))
    answer = dataclasses.replace(
        received(2, "Chiara", "really?"), reply=Quote(1, "Ben", "my pasword is mango")
    )
    conversation.apply(answer)
    conversation.apply(edited(3, 1, "Ben", "my password is mango"))
    assert block_of(conversation, 1).text == "my password is mango"
    assert block_of(conversation, 2).reply == Quote(1, "Ben", "my password is mango")
    conversation.apply(deleted(4, 1, "Ben"))
    assert block_of(conversation, 1).is_deleted
    assert block_of(conversation, 2).reply == Quote(1, "Ben", "")
    kept = [*conversation.transcript.blocks(0, 99), *conversation.message_store.messages()]
    assert "mango" not in repr(kept)


def test_newcomer_sees_where_a_message_was_deleted() -> None:
    """It does not count as unseen."""
    conversation = joined_conversation()
    conversation.set_focus(focused=False, at_end=True)
    conversation.apply(dataclasses.replace(received(1, "Ben", ""), deleted=True))
    assert block_of(conversation, 1).is_deleted
    assert conversation.unread.unseen == 0


def test_private_messages_are_in_the_stream() -> None:
    """Both of the two see them; they can be saved."""
    conversation = joined_conversation()
    conversation.apply(told(1, "Ben", "Ann", "psst"))
    conversation.add_pending("own-1", OutgoingMessage("yes?", Recipient("member Ben", "Ben")))
    (waiting,) = conversation.transcript.pending()
    assert (waiting.is_private, waiting.extras.to_name) == (True, "Ben")
    conversation.apply(told(2, "Ann", "Ben", "yes?", own="own-1"))
    assert conversation.transcript.pending() == []
    assert [block_of(conversation, seq).is_private for seq in (1, 2)] == [True, True]
    assert [message.text for message in conversation.message_store.messages()] == ["psst", "yes?"]


def test_failed_private_message_keeps_its_addressee() -> None:
    """To send it again must never send it to everybody."""
    conversation = joined_conversation()
    message = OutgoingMessage("psst", Recipient("member Ben", "Ben"), Quote(1, "Ben", "yes?"))
    conversation.add_pending("own-1", message)
    conversation.apply(MessageFailed("own-1", "psst", "No.", ""))
    (failed,) = conversation.transcript.pending()
    assert failed.is_private
    assert failed.error
    assert failed.reply == message.reply
    assert conversation.transcript.pop_failed("own-1") == message


def test_another_host_s_numbers_do_not_hit_old_messages() -> None:
    """Somebody takes over hosting: the numbers begin again, and the messages come once more in part."""
    conversation = joined_conversation()
    for seq, text in ((5, "first"), (6, "second")):
        conversation.apply(received(seq, "Ben", text))
    conversation.apply(_rejoined(fingerprint="another"))
    again = dataclasses.replace(received(1, "Ben", "second", history=True), id="id 6")
    conversation.apply(again)
    conversation.apply(reacted(5, 1, "Ben"))
    first, second = conversation.transcript.blocks(0, 2)
    assert (first.text, first.reactions) == ("first", ())
    assert (second.text, second.reactions[0].count) == ("second", 1)


def test_the_same_host_s_numbers_stay() -> None:
    """After a visit that began anew, what is shown gets the form that the room sends now."""
    conversation = joined_conversation()
    conversation.apply(received(5, "Ben", "first"))
    conversation.apply(_rejoined(latest=9))
    changed = dataclasses.replace(received(5, "Ben", "the first", history=True), edited=True)
    conversation.apply(changed)
    assert block_of(conversation, 5).text == "the first"
    assert len([block for block in conversation.transcript.blocks(0, 99) if block.is_message]) == 1


def test_host_may_delete_what_others_wrote() -> None:
    """Only one who has proved to be the host."""
    conversation = joined_conversation()
    assert not conversation.message_rights.is_host
    event = joined("Ben", "Ann")
    people = tuple(msgspec.structs.replace(person, host=person.name == "Ann") for person in event.people)
    conversation.apply(dataclasses.replace(event, people=people))
    assert conversation.message_rights.is_host


def _rejoined(*, latest: int = 2, fingerprint: str = "") -> RoomJoined:
    event = joined("Ben", "Ann", latest=latest)
    return dataclasses.replace(event, fingerprint=fingerprint or event.fingerprint)

"""Messages in a transcript that are answered, changed, deleted or private, without a display."""

from __future__ import annotations

import dataclasses

from messango.client.events import AnyReceived
from messango.gui.model.transcript.blocks import NO_EXTRAS, Block, BlockKind
from messango.gui.model.transcript.transcript import Transcript
from messango.protocol.frames import Quote, Reaction
from tests.gui.fakes import NOON, received, told

HEART = Reaction("❤️", 1, mine=True, names=("Ann",))


def new_transcript(*messages: AnyReceived) -> Transcript:
    """Return a transcript of Ann's with these messages."""
    transcript = Transcript(lambda: NOON)
    transcript.session_started("Ann", "member Ann")
    for message in messages:
        transcript.message_received(message)
    transcript.pop_changed()
    return transcript


def block_of(transcript: Transcript, seq: int) -> Block:
    """Return the block of a message."""
    number = transcript.find(seq)
    assert number is not None
    return transcript.block(number)


def test_plain_messages_share_one_object() -> None:
    """So that what few messages have costs the others nothing."""
    transcript = new_transcript(received(1, "Ben", "hello"), received(2, "Ann", "hi", own="a"))
    assert all(block_of(transcript, seq).extras is NO_EXTRAS for seq in (1, 2))


def test_reactions_appear_below_a_message_that_is_there() -> None:
    """In its block, which is drawn again, and nothing else."""
    transcript = new_transcript(received(1, "Ben", "one"), received(2, "Ben", "two"))
    transcript.message_changed(dataclasses.replace(received(1, "Ben", "one"), reactions=(HEART,)))
    assert block_of(transcript, 1).reactions == (HEART,)
    assert transcript.pop_changed() == {transcript.find(1)}
    transcript.message_changed(received(1, "Ben", "one"))
    assert block_of(transcript, 1).extras is NO_EXTRAS


def test_what_changes_nothing_is_not_drawn_again() -> None:
    """A message that comes again as it is."""
    transcript = new_transcript(received(1, "Ben", "one"))
    transcript.message_changed(received(1, "Ben", "one"))
    assert transcript.pop_changed() == set()


def test_edit_replaces_the_text() -> None:
    """And marks the message; its header and its time stay."""
    transcript = new_transcript(received(1, "Ben", "helo"))
    transcript.message_changed(dataclasses.replace(received(1, "Ben", "hello"), edited=True))
    block = block_of(transcript, 1)
    assert (block.text, block.is_edited, block.has_header) == ("hello", True, True)


def test_nothing_is_left_of_a_deleted_message() -> None:
    """No text, no reactions, no quote: not even in memory."""
    secret = dataclasses.replace(
        received(1, "Ben", "a secret"), reactions=(HEART,), reply=Quote(0, "Ann", "which secret?")
    )
    transcript = new_transcript(secret)
    assert transcript.parts.newest.characters == len("a secret")
    transcript.message_changed(dataclasses.replace(secret, text="", deleted=True))
    block = block_of(transcript, 1)
    assert (block.text, block.reactions, block.reply, block.is_deleted) == ("", (), None, True)
    assert block.is_message
    assert transcript.parts.newest.characters == 0
    assert "secret" not in repr(transcript.blocks(transcript.first, transcript.end))


def test_another_member_s_number_changes_nothing() -> None:
    """A room may send anything."""
    transcript = new_transcript(received(1, "Ben", "one"))
    transcript.message_changed(dataclasses.replace(received(1, "Chiara", "forged"), edited=True))
    transcript.message_changed(received(99, "Ben", "unknown"))
    assert block_of(transcript, 1).text == "one"


def test_message_that_becomes_an_action_leaves_the_next_one_a_header() -> None:
    """And one that is no action any more gets its own."""
    transcript = new_transcript(received(1, "Ben", "one"), received(2, "Ben", "two"))
    transcript.message_changed(dataclasses.replace(received(1, "Ben", "/me waves"), edited=True))
    first, second = block_of(transcript, 1), block_of(transcript, 2)
    assert (first.kind, first.text, first.has_header) == (BlockKind.ACTION, "waves", False)
    assert second.has_header
    transcript.message_changed(dataclasses.replace(received(1, "Ben", "one"), edited=True))
    assert block_of(transcript, 1).has_header


def test_last_message_that_becomes_an_action_begins_no_group() -> None:
    """The next message has a header."""
    transcript = new_transcript(received(1, "Ben", "one"))
    transcript.message_changed(dataclasses.replace(received(1, "Ben", "/me waves"), edited=True))
    transcript.message_received(received(2, "Ben", "two"))
    assert block_of(transcript, 2).has_header


def test_private_messages_are_grouped_apart() -> None:
    """From public ones of the same sender, and from those to somebody else."""
    transcript = new_transcript(
        received(1, "Ann", "to all", own="a"),
        told(2, "Ann", "Ben", "to Ben", own="b"),
        told(3, "Ann", "Ben", "to Ben, too", own="c"),
        told(4, "Ann", "Chiara", "to Chiara", own="d"),
        received(5, "Ann", "to all again", own="e"),
    )
    assert [block_of(transcript, seq).has_header for seq in range(1, 6)] == [True, True, False, True, True]
    assert [block_of(transcript, seq).is_private for seq in range(1, 6)] == [False, True, True, True, False]


def test_messages_that_mention_us_are_set_apart() -> None:
    """By the rule that the conversation gives; private ones are set apart already."""
    transcript = new_transcript()
    transcript.is_mention = lambda message: "Ann" in message.text
    for message in (received(1, "Ben", "Ann?"), received(2, "Ben", "no"), told(3, "Ben", "Ann", "Ann!")):
        transcript.message_received(message, mentions_you=transcript.is_mention(message))
    assert [block_of(transcript, seq).extras.mentions_you for seq in (1, 2, 3)] == [True, False, False]
    transcript.message_changed(dataclasses.replace(received(2, "Ben", "or Ann"), edited=True))
    assert block_of(transcript, 2).extras.mentions_you


def test_numbers_of_another_host_are_found() -> None:
    """The messages of before keep their places, and get their numbers in the new room."""
    transcript = new_transcript(received(7, "Ben", "old"), received(8, "Ben", "older host's"))
    transcript.restart_numbers()
    assert transcript.find(7) is None
    again = dataclasses.replace(received(1, "Ben", "old"), reactions=(HEART,))
    transcript.message_changed(again, former_seq=7)
    assert transcript.find(1) == transcript.first
    assert block_of(transcript, 1).reactions == (HEART,)
    transcript.message_received(received(7, "Ben", "the new seventh"))
    assert block_of(transcript, 7).text == "the new seventh"


def test_newest_message_of_others() -> None:
    """Neither our own nor a deleted one; None if there is none."""
    deleted = dataclasses.replace(received(2, "Ben", ""), deleted=True)
    transcript = new_transcript(received(1, "Ben", "one"), deleted, received(3, "Ann", "mine", own="a"))
    newest = transcript.newest_of_others()
    assert newest is not None
    assert newest.seq == 1
    assert new_transcript(received(3, "Ann", "mine", own="a")).newest_of_others() is None

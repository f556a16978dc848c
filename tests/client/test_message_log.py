"""The log of a conversation, for saving it or hosting it again."""

from __future__ import annotations

from messango.client.message_log import _MAX_CHARACTERS, _MAX_MESSAGES, MessageLog
from messango.protocol.frames import Quote
from tests.client.received_messages import answer, deleted, edited, joined, reacted, received, told


def test_all_kinds_in_their_present_form() -> None:
    """In the room's order, private messages and those from before too."""
    log = MessageLog()
    log.handle(joined())
    for event in (
        received(5, "hello"),
        told(6),
        received(7, "yes", quoted=Quote(5, "Ben", "hello")),
        reacted(8, 6),
        edited(9, 5, "hello!"),
        answer(received(4, "before"), latest=9),
    ):
        log.handle(event)
    assert log.room is not None
    assert [(each.seq, each.text, each.edited, len(each.reactions)) for each in log.messages] == [
        (4, "before", False, 0),
        (5, "hello!", True, 0),
        (6, "psst", False, 1),
        (7, "yes", False, 0),
    ]
    assert log.messages[3].reply == Quote(5, "Ben", "hello!")


def test_a_deleted_text_is_nowhere_in_it() -> None:
    """Nor what answered it quotes."""
    log = MessageLog()
    for event in (
        received(1, "secret"),
        received(2, "what?", quoted=Quote(1, "Ben", "secret")),
        edited(3, 1, "secrets"),
        deleted(4, 1),
    ):
        log.handle(event)
    assert "secret" not in repr(vars(log._present))
    assert [each.deleted for each in log.messages] == [True, False]


def test_a_server_without_end_fills_no_memory() -> None:
    """Whatever it sends: messages, long ones, changes of what is not there, answers."""
    log = MessageLog()
    for seq in range(1, _MAX_MESSAGES + 2_000):
        log.handle(received(seq))
    assert len(log.messages) <= _MAX_MESSAGES
    assert log.messages[-1].seq == _MAX_MESSAGES + 1_999
    for seq in range(20_000, 21_000):
        log.handle(received(seq, "x" * 8_000, quoted=Quote(seq - 1, "Ben", "x" * 120)))
        log.handle(edited(seq, seq, "y" * 8_000))
        log.handle(answer(received(seq - 10_000, "z" * 8_000), latest=2**63))
    assert sum(len(each.text) for each in log.messages) <= _MAX_CHARACTERS


def test_what_was_before_a_lost_history_stays() -> None:
    """Above what came after it."""
    log = MessageLog()
    for event in (joined(), received(1, "one"), received(2, "two"), joined(latest=1), received(1, "new")):
        log.handle(event)
    assert [each.text for each in log.messages] == ["one", "two", "new"]

"""Files in the model of a conversation: pending, accepted, failed, changed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from messango.client.events import (
    EndReason,
    MessageDeleted,
    MessageEdited,
    MessageFailed,
    SessionEnded,
)
from messango.client.events.files import FileFailed, FileProgress, FileSaved
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.message_text.quotes import quoted_text
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.conversation.message_actions import original_text
from messango.gui.model.files.file_card import CardStatus
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.model.transcript.blocks import Block, DeliveryStatus
from messango.protocol import error_codes
from messango.protocol.files.file_line import text_with_file
from messango.protocol.frames import Quote
from tests.gui.fakes import NOON, joined, received
from tests.gui.files import file_info, received_file

REPORT = file_info("report.pdf", 2_100_000)
SHARE = OutgoingShare(
    OutgoingFile("report.pdf", Path("/home/ann/report.pdf")), 2_100_000, "as promised", Quote(1, "Ben", "?")
)


def conversation() -> ConversationModel:
    """Return the model of a session in a room with Ben."""
    model = ConversationModel("Office", now=lambda: NOON, clock=lambda: 0.0)
    model.apply(joined("Ben", "Ann"))
    return model


def shown(model: ConversationModel, seq: int) -> Block:
    """Return what is drawn of a message."""
    number = model.transcript.find(seq)
    assert number is not None
    return model.transcript.as_shown(model.transcript.block(number))


def test_own_file_is_pending_until_its_message_comes() -> None:
    """The card is there at once, with the caption and what it answers; then it is the message."""
    model = conversation()
    model.add_pending_file("u1", SHARE)
    [pending] = model.transcript.pending()
    assert (pending.text, pending.reply, pending.delivery) == (
        "as promised",
        SHARE.reply,
        DeliveryStatus.WAITING,
    )
    assert pending.extras.card is not None
    assert pending.extras.card.status is CardStatus.SENDING
    model.apply(FileProgress("u1", "report.pdf", 2_100_000, 1, upload=True))
    assert model.transcript.pending() == [pending], "progress does not draw it again"
    model.apply(received_file(2, "Ann", REPORT, "as promised", own="u1"))
    assert model.transcript.pending() == []
    block = shown(model, 2)
    assert block.caption == "as promised"
    assert block.extras.card is not None
    assert block.extras.card.status is CardStatus.SENT


def test_failed_upload_can_be_tried_again() -> None:
    """It stays with its reason; what is given up disappears."""
    model = conversation()
    model.add_pending_file("u1", SHARE)
    model.apply(
        FileFailed("u1", "report.pdf", upload=True, reason="It is too large.", hint="Send a link.", code="x")
    )
    [failed] = model.transcript.pending()
    assert failed.error == "Not sent. It is too large. Send a link."
    assert failed.extras.card is not None
    assert failed.extras.card.status is CardStatus.FAILED
    assert model.transcript.pop_failed("u1") == SHARE
    model.add_pending_file("u2", SHARE)
    model.apply(FileFailed("u2", "report.pdf", upload=True, reason="", hint="", cancelled=True))
    assert not model.transcript.has_pending


def test_upload_fails_with_the_session() -> None:
    """And when the room rejects the message that announces it."""
    model = conversation()
    model.add_pending_file("u1", SHARE)
    model.add_pending_file("u2", SHARE)
    model.apply(MessageFailed("u2", "", "The room is locked.", ""))
    model.apply(SessionEnded(EndReason.LEFT, None))
    errors = [block.error for block in model.transcript.pending()]
    assert ["ended" in errors[0], "locked" in errors[1]] == [True, True]


def test_picture_that_was_fetched_is_not_a_download() -> None:
    """Its card offers the file as before; one that the room no longer keeps is gone."""
    model = conversation()
    picture = file_info("a.png", 900, width=40, height=30)
    model.apply(received_file(2, "Ben", picture))
    files = model.transcript.files
    files.pictures.became_visible(picture)
    fetched = files.pictures.next()
    assert fetched == picture
    files.pictures.started("t1", picture)
    model.apply(FileSaved("t1", "a.png", 900, Path("/cache/a.png"), picture.id))
    assert files.pictures.path_of(picture.id) == Path("/cache/a.png")
    card = shown(model, 2).extras.card
    assert card is not None
    assert card.status is CardStatus.OFFERED
    other = file_info("b.png", 900, width=40, height=30)
    files.pictures.started("t2", other)
    model.apply(FileFailed("t2", "b.png", upload=False, reason="x", hint="", code=error_codes.UNKNOWN_ENTRY))
    assert files.cards.card(other).status is CardStatus.GONE
    assert files.pop_changed() == {other.id}
    model.apply(MessageDeleted(4, "d", 2, "member Ben", "Ben", NOON, own=False, history=False))
    assert files.pictures.pop_evicted() == [Path("/cache/a.png")], "it goes with its message"
    assert files.pictures.path_of(picture.id) is None


def test_edits_and_deletions() -> None:
    """An edit changes the caption; a deleted message has no file, and a quote names it."""
    model = conversation()
    model.apply(received_file(2, "Ben", REPORT, "as promised"))
    assert original_text(shown(model, 2)) == "as promised"
    assert quoted_text(shown(model, 2).text) == "as promised [file] report.pdf (2.1 MB)"
    model.apply(
        MessageEdited(
            3, "e", 2, "member Ben", "Ben", NOON, text_with_file("", REPORT), own=False, history=False
        )
    )
    assert (shown(model, 2).caption, shown(model, 2).is_edited) == ("", True)
    assert shown(model, 2).extras.file == REPORT
    model.apply(MessageDeleted(4, "d", 2, "member Ben", "Ben", NOON, own=False, history=False))
    assert shown(model, 2).extras.card is None


def test_files_are_grouped_counted_and_found_like_messages() -> None:
    """One after another has no header; what we ignore is hidden; a mention in the caption counts."""
    model = conversation()
    model.set_focus(focused=False, at_end=False)
    model.apply(received(2, "Ben", "look"))
    model.apply(received_file(3, "Ben", REPORT, "Ann, this one"))
    block = shown(model, 3)
    assert not block.has_header
    assert block.extras.mentions_you
    assert model.unread.unseen == 2
    model.search.start("report")
    while not model.search.done:
        model.search.step()
    assert model.search.current == model.transcript.find(3)


def test_message_with_a_text_of_its_own_keeps_it() -> None:
    """A faulty room may send a file whose line is missing: all of the text is the caption then."""
    model = conversation()
    model.apply(dataclasses.replace(received_file(2, "Ben", REPORT), text="only words"))
    assert shown(model, 2).caption == "only words"
    assert shown(model, 2).extras.card is not None


def test_long_caption_is_collapsed() -> None:
    """The file's line is not a part of it."""
    model = conversation()
    model.apply(received_file(2, "Ben", REPORT, "\n".join(["row"] * 40)))
    block = shown(model, 2)
    assert block.is_collapsed
    assert "[file]" not in block.visible_text

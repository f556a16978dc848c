"""What is known of the files of a conversation."""

from __future__ import annotations

from pathlib import Path

from messango.client.events.files import FileFailed, FileProgress, FileSaved
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.gui.model.files import file_cards
from messango.gui.model.files.file_card import CardStatus, Progress
from messango.gui.model.files.file_cards import FileCards
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.protocol import error_codes
from tests.gui.files import file_info, received_file

REPORT = file_info("report.pdf", 1_000)


def downloading() -> FileCards:
    """Return cards with a file on its way."""
    cards = FileCards()
    cards.download_started("t1", REPORT)
    return cards


def test_untouched_file_is_offered_and_not_held() -> None:
    """Its card is made of what the room says."""
    cards = FileCards()
    card = cards.card(file_info("a.png", 7, width=3, height=2))
    assert (card.status, card.name, card.size, card.width, card.height) == (
        CardStatus.OFFERED,
        "a.png",
        7,
        3,
        2,
    )
    assert cards.pop_changed() == set()


def test_download_is_followed_until_it_is_saved() -> None:
    """Progress changes no card, but only what is drawn on it."""
    cards = downloading()
    assert cards.card(REPORT).status is CardStatus.RECEIVING
    assert cards.pop_changed() == {REPORT.id}
    cards.handle(FileProgress("t1", "report.pdf", 1_000, 400, upload=False))
    assert cards.pop_changed() == set()
    assert cards.pop_moved() == {REPORT.id}
    assert cards.progress(REPORT.id) == Progress(400, waiting=False)
    cards.handle(FileSaved("t1", "report.pdf", 1_000, Path("/home/ann/Downloads/report.pdf"), REPORT.id))
    card = cards.card(REPORT)
    assert (card.status, card.folder) == (CardStatus.SAVED, "Downloads")
    assert cards.path_of(REPORT.id) == Path("/home/ann/Downloads/report.pdf")
    assert cards.transfer_of(REPORT.id) is None


def test_failed_download_says_why() -> None:
    """And what to do; given up, it is offered again; no longer kept, it is gone."""
    cards = downloading()
    assert cards.transfer_of(REPORT.id) == "t1"
    cards.handle(FileFailed("t1", "report.pdf", upload=False, reason="The disk is full.", hint="Make room."))
    card = cards.card(REPORT)
    assert (card.status, card.reason) == (CardStatus.FAILED, "The disk is full. Make room.")
    cards = downloading()
    cards.handle(FileFailed("t1", "report.pdf", upload=False, reason="", hint="", cancelled=True))
    assert cards.card(REPORT).status is CardStatus.OFFERED
    cards = downloading()
    cards.handle(
        FileFailed("t1", "report.pdf", upload=False, reason="x", hint="", code=error_codes.UNKNOWN_ENTRY)
    )
    assert cards.card(REPORT).status is CardStatus.GONE


def test_events_of_other_transfers_change_nothing() -> None:
    """A room can't make a card say what nobody asked for."""
    cards = FileCards()
    cards.handle(FileSaved("t9", "report.pdf", 1_000, Path("x"), REPORT.id))
    cards.handle(FileFailed("t9", "report.pdf", upload=False, reason="x", hint=""))
    cards.handle(FileProgress("t9", "report.pdf", 1_000, 1, upload=False))
    assert cards.card(REPORT).status is CardStatus.OFFERED
    assert cards.pop_changed() == cards.pop_moved() == set()


def test_own_file_is_here_when_it_has_arrived() -> None:
    """It can be opened where it was; one from the clipboard is shown from memory."""
    cards = FileCards()
    cards.upload_started("u1", OutgoingShare(OutgoingFile("report.pdf", Path("/home/ann/report.pdf"))))
    cards.handle(FileProgress("u1", "report.pdf", 1_000, 5, upload=True))
    assert cards.progress("u1").done == 5
    assert cards.transfer_of("u1") == "u1"
    cards.message_received(received_file(4, "Ann", REPORT, own="u1"))
    assert cards.card(REPORT).status is CardStatus.SENT
    assert cards.source_of(REPORT.id) == Path("/home/ann/report.pdf")
    assert cards.transfer_of("u1") is None
    for number in range(file_cards.MAX_SENT_DATA + 1):
        pasted = file_info(f"pasted-{number}.png")
        cards.upload_started(f"p{number}", OutgoingShare(OutgoingFile(pasted.name, data=b"png")))
        cards.message_received(received_file(5 + number, "Ann", pasted, own=f"p{number}"))
    assert cards.source_of(pasted.id) == b"png"
    assert cards.source_of("file pasted-0.png") is None
    assert cards.card(pasted).status is CardStatus.OFFERED


def test_end_of_the_session_ends_downloads() -> None:
    """What is saved stays."""
    cards = downloading()
    saved = file_info("b.pdf")
    cards.download_started("t2", saved)
    cards.handle(FileSaved("t2", "b.pdf", 1, Path("/tmp/b.pdf"), saved.id))  # noqa: S108 (never opened)
    cards.session_ended()
    assert cards.card(REPORT).status is CardStatus.FAILED
    assert "again" in cards.card(REPORT).reason
    assert cards.card(saved).status is CardStatus.SAVED


def test_file_that_was_saved_is_not_gone() -> None:
    """The room may drop it; a file that somebody moved away can be downloaded again."""
    cards = downloading()
    cards.handle(FileSaved("t1", "report.pdf", 1, Path("report.pdf"), REPORT.id))
    cards.gone(REPORT.id)
    assert cards.card(REPORT).status is CardStatus.SAVED
    cards.missing(Path("other.pdf"))
    assert cards.card(REPORT).status is CardStatus.SAVED
    cards.missing(Path("report.pdf"))
    assert cards.card(REPORT).status is CardStatus.OFFERED
    cards.gone(REPORT.id)
    assert cards.card(REPORT).status is CardStatus.GONE


def test_no_more_than_a_bound_is_held() -> None:
    """The oldest are forgotten, but never those on their way."""
    cards = downloading()
    for number in range(file_cards.MAX_KNOWN + 50):
        cards.gone(f"old {number}")
    assert cards.card(REPORT).status is CardStatus.RECEIVING
    assert cards.card(file_info(id="old 0")).status is CardStatus.OFFERED
    assert cards.card(file_info(id="old 2000")).status is CardStatus.GONE

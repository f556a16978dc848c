"""What the card of a file shows, and what it offers."""

from __future__ import annotations

from msgspec.structs import replace

from messango.gui.model.files.file_card import (
    CardStatus,
    FileAction,
    FileCard,
    Progress,
    fraction,
    picture_size,
    state_text,
)

REPORT = FileCard("f1", "report.pdf", 2_100_000)
PICTURE = FileCard("f2", "holiday.jpg", 900_000, width=4_000, height=3_000)


def test_each_state_offers_what_is_possible_in_it() -> None:
    """The first is what a click does."""
    first = {status: (*replace(REPORT, status=status).actions, None)[0] for status in CardStatus}
    assert first == {
        CardStatus.OFFERED: FileAction.DOWNLOAD,
        CardStatus.SENDING: FileAction.CANCEL,
        CardStatus.SENT: FileAction.OPEN,
        CardStatus.RECEIVING: FileAction.CANCEL,
        CardStatus.SAVED: FileAction.OPEN,
        CardStatus.FAILED: FileAction.TRY_AGAIN,
        CardStatus.GONE: None,
    }


def test_picture_is_viewed_and_has_no_links_until_it_is_saved() -> None:
    """What can be done with it is in its menu."""
    assert PICTURE.actions == (FileAction.VIEW, FileAction.DOWNLOAD, FileAction.SAVE_AS)
    assert PICTURE.links == ()
    saved = replace(PICTURE, status=CardStatus.SAVED)
    assert saved.links == (FileAction.OPEN, FileAction.SHOW_IN_FOLDER, FileAction.SAVE_AS)


def test_only_what_is_said_to_be_a_picture_is_one() -> None:
    """One that the room no longer keeps, has no size or another ending is a file like others."""
    assert PICTURE.is_picture
    assert not replace(PICTURE, status=CardStatus.GONE).is_picture
    assert not replace(PICTURE, width=0).is_picture
    assert not replace(PICTURE, name="holiday.exe").is_picture


def test_state_texts() -> None:
    """They say how far the file is, where it is, or that it failed."""
    half = Progress(1_000_000, waiting=False)
    sending, receiving = (
        replace(REPORT, status=status) for status in (CardStatus.SENDING, CardStatus.RECEIVING)
    )
    assert state_text(REPORT, Progress()) == "2.1 MB"
    assert state_text(sending, Progress()) == "Waiting to send · 2.1 MB"
    assert state_text(sending, half) == "Sending · 1.0 MB of 2.1 MB"
    assert state_text(replace(sending, size=None), half) == "Sending · 1.0 MB"
    assert state_text(receiving, Progress()) == "Waiting · 2.1 MB"
    assert state_text(receiving, half) == "Downloading · 1.0 MB of 2.1 MB"
    saved = replace(REPORT, status=CardStatus.SAVED, folder="Downloads")
    assert state_text(saved, Progress()) == "2.1 MB · in Downloads"
    assert state_text(replace(REPORT, status=CardStatus.FAILED), Progress()) == "2.1 MB · failed"
    assert "no longer" in state_text(replace(REPORT, status=CardStatus.GONE), Progress())


def test_fraction_is_never_outside_the_bar() -> None:
    """Whatever a room says."""
    assert fraction(REPORT, Progress(1_050_000)) == 0.5
    assert fraction(REPORT, Progress(9_000_000)) == 1.0
    assert fraction(REPORT, Progress(-5)) == 0.0
    assert fraction(replace(REPORT, size=0), Progress(0)) == 0.0
    assert fraction(replace(REPORT, size=None), Progress(5)) == 0.0


def test_picture_fits_into_its_box() -> None:
    """A small one stays small; one that is said to be a line gets a frame that can be seen."""
    assert picture_size(4_000, 3_000, (320, 240)) == (320, 240)
    assert picture_size(3_000, 4_000, (320, 240)) == (180, 240)
    assert picture_size(100, 50, (320, 240)) == (100, 50)
    assert picture_size(1, 1_000_000, (320, 240)) == (30, 240)
    assert picture_size(1_000_000, 1, (320, 240)) == (320, 40)

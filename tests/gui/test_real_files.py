"""Two real windows that share files and pictures in a real room on loopback."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from messango.app.hosted_room import HostedRoom
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.gui.background.services import real_services
from messango.gui.model.files.file_card import CardStatus, FileAction, FileCard
from messango.gui.model.rooms.join_target import typed_target
from messango.gui.model.rooms.room_list import RoomList
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.window import Window
from messango.server.server_options import ServerOptions
from tests.gui.conftest import WindowDriver
from tests.gui.files import png
from tests.gui.test_real_messages import newest
from tests.gui.test_real_room import members, page, transcript

pytestmark = pytest.mark.window


@pytest.fixture
def join(driver: WindowDriver) -> Callable[[HostedRoom, str], Window]:
    """Opens a window in a room."""

    def open_window(hosting: HostedRoom, name: str) -> Window:
        target = typed_target(f"127.0.0.1:{hosting.server.port}", RoomList())
        window = driver.open(real_services(), name=name, target=target)
        driver.until(lambda: name in members(window))
        return window

    return open_window


def share(window: Window, path: Path, caption: str = "") -> None:
    """Share a file."""
    file = OutgoingShare(OutgoingFile(path.name, path), path.stat().st_size, caption)
    page(window).composer.send_file(file)


def newest_card(window: Window) -> FileCard | None:
    """Return the card of the newest message."""
    return page(window).files.commands.card(newest(window))


def digest(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_file_and_picture_arrive(
    driver: WindowDriver, tmp_path: Path, join: Callable[[HostedRoom, str], Window]
) -> None:
    """The file is saved where the other wants it; the picture comes by itself."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosting:
        ann, ben = join(hosting, "Ann"), join(hosting, "Ben")
        report = tmp_path / "report.pdf"
        report.write_bytes(bytes(range(256)) * 20_000)
        share(ann, report, "as promised")
        driver.until(lambda: "as promised" in transcript(ben) and "✓" in transcript(ann))
        card = newest_card(ann)
        assert card is not None
        assert card.status is CardStatus.SENT

        saved = tmp_path / "for-ben" / "his.pdf"
        saved.parent.mkdir()
        ben.ask_file_path = lambda _parent, _name: saved
        page(ben).files.commands.run(newest(ben), FileAction.SAVE_AS)
        driver.until(lambda: (card := newest_card(ben)) is not None and card.status is CardStatus.SAVED)
        assert digest(saved) == digest(report)

        view = png(tmp_path / "view.png", 300, 200)
        share(ben, view)
        rows = page(ann).transcript.held.file_rows
        driver.until(lambda: len(rows) == 2)
        last = str(page(ann).transcript.text.tag_ranges("file-card")[2])
        driver.until(lambda: rows.has_picture(last))

        page(ben).messages.commands.delete(newest(ben))
        driver.until(lambda: "This message was deleted" in transcript(ann))
        assert len(rows) == 1

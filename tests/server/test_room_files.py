"""The files of an open room, and the id that follows from them and the certificate."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from messango.protocol.room_id import derive_room_id
from messango.server.room_files import RoomFiles
from messango.storage import home

FINGERPRINT, OTHER_FINGERPRINT = "ab" * 32, "cd" * 32
FORMER_ID = "5a0c7be2d1f4e893"


def open_files(
    name: str = "Tea", fingerprint: str = FINGERPRINT, path: Path | None = None, former_id: str = ""
) -> str:
    """Open and close a room, with the files of an earlier version; return its id."""
    with contextlib.closing(RoomFiles(name, fingerprint)) as files:
        history = files.open_history(path)
        if former_id:
            history.set_fact("id", former_id)
        return files.room_id


def test_rooms_of_one_certificate_have_different_ids() -> None:
    """A room keeps its own; under another certificate it keeps the tag."""
    tea, coffee = open_files("Tea"), open_files("Coffee")
    assert tea != coffee
    assert open_files("TEA") == tea
    moved = open_files("Tea", OTHER_FINGERPRINT)
    assert moved != tea
    assert moved[:8] == tea[:8]
    assert open_files("Tea") == tea


def test_a_room_of_an_earlier_version_is_taken_over() -> None:
    """Clients compute the same id from the one that they know."""
    folder = home() / "rooms"
    folder.mkdir()
    (folder / f"{hashlib.sha256(b'tea').hexdigest()[:16]}.room").write_text(f"{FORMER_ID}\n")
    assert open_files("Tea", former_id=FORMER_ID) == derive_room_id("5a0c7be2", FINGERPRINT)
    assert open_files("Tea") == derive_room_id("5a0c7be2", FINGERPRINT)


def test_a_chosen_history_takes_its_tag_along(tmp_path: Path) -> None:
    """The conversation is the room, whatever its name is now; a text that is not an id counts as none."""
    path = tmp_path / "tea.sqlite"
    tea = open_files("Tea", path=path)
    assert open_files("Coffee", path=path) == tea
    open_files("Coffee", path=path, former_id=FORMER_ID)
    assert open_files("Coffee", path=path) == derive_room_id("5a0c7be2", FINGERPRINT)
    open_files("Coffee", path=path, former_id="x\ny")
    assert open_files("Coffee", path=path) == open_files("Coffee")

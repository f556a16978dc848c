"""Files of a room without a history go with its server, also if that was killed."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from messango.room.host.host_events import FileList, RoomEvent
from messango.server.files.store.lazy_store import TEMPORARY_FOLDER, LazyFileStore, StoreOptions
from messango.server.files.store.temporary_folder import TemporaryFolder, remove_leftovers
from messango.storage import home
from tests.server.files.stores import ANN, put_of

#: Creates a folder with a file in it, says so, and waits to be killed.
KILLED = """
import sys
from pathlib import Path
from messango.server.files.store.temporary_folder import TemporaryFolder
folder = TemporaryFolder(Path(sys.argv[1]))
folder.create()
(folder.path / "file").write_bytes(b"x")
print("ready", flush=True)
sys.stdin.read()
"""


def names(parent: Path) -> list[str]:
    return sorted(path.name for path in parent.iterdir())


def test_a_folder_goes_with_its_owner(tmp_path: Path) -> None:
    folder = TemporaryFolder(tmp_path / "parent")
    assert not folder.exists
    folder.close()
    assert not (tmp_path / "parent").exists()
    folder.create()
    folder.create()
    assert folder.path.stat().st_mode & 0o077 == 0
    assert len(names(tmp_path / "parent")) == 2
    folder.close()
    folder.close()
    assert names(tmp_path / "parent") == []


def test_only_leftovers_are_removed(tmp_path: Path) -> None:
    with closing(TemporaryFolder(tmp_path)) as used:
        used.create()
        (tmp_path / ("a" * 32)).mkdir()
        (tmp_path / f"{'b' * 32}.lock").touch()
        remove_leftovers(tmp_path)
        assert names(tmp_path) == [used.path.name, f"{used.path.name}.lock"]


def test_the_folder_of_a_killed_server_is_removed(tmp_path: Path) -> None:
    """By the next server of this home, whichever room it opens; not before its process is gone."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        remove_leftovers(tmp_path)
        assert len(names(tmp_path)) == 2
        process.kill()
        process.wait()
    remove_leftovers(tmp_path)
    assert names(tmp_path) == []


def test_a_store_without_a_place_is_temporary() -> None:
    store = LazyFileStore(StoreOptions(None, 1_000, 60.0, list[RoomEvent]().append))
    store.open_existing()
    parent = home() / TEMPORARY_FOLDER
    assert store.listing() == FileList((), 0, 40_960)
    assert store.uploaded("ann", "x") is None
    assert not parent.exists()
    store.get().begin_upload(ANN, put_of(b"hello"))
    assert len(names(parent)) == 2
    store.close()
    assert names(parent) == []
    store.close()


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    """The folder for temporary files may be a link to one in which somebody has other things."""
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "letter.txt").touch()
    (tmp_path / "notes.lock").touch()
    remove_leftovers(tmp_path)
    assert names(tmp_path) == ["letters", "notes.lock"]
    assert names(letters) == ["letter.txt"]

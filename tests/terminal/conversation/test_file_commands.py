"""What `/send`, `/files`, `/get` and `/cancel` do, and what is said before and after."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from messango.client.events import FileFailed, FileProgress, FileSaved, SearchResult
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.requests.failures import NO_FILES_REASON
from messango.protocol.frames import Edit
from messango.terminal.conversation.line_completion import complete_line
from tests.terminal.conversation.messages import deleted, edited, joined, shared, told
from tests.terminal.conversation.person import Person
from tests.terminal.fake_client import room_info


def picture_with_place() -> bytes:
    """Return a PNG of one pixel, with a text in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"tEXt", b"Place\0home") + pixels + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two files, in which the person is, and which is their home too."""
    (tmp_path / "holiday.png").write_bytes(picture_with_place())
    (tmp_path / "plan.odt").write_bytes(b"plan")
    (tmp_path / "live.heic").write_bytes(b"\0\0\0\x18ftypheic")
    (tmp_path / "Pictures").mkdir()
    monkeypatch.chdir(tmp_path)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    return tmp_path


@pytest.fixture
def person() -> Person:
    """A person in a room with two files by bob."""
    return Person(shared(1, "bob", "sea.png", 2_100_000, "look"), shared(2, "bob", "song.mp3", 900))


def test_a_file_is_sent_with_its_line(person: Person, folder: Path) -> None:
    """Its name and size are said, and what is left out of it."""
    assert person.drafting.describe("/send holiday.png -- the sea") == (
        "To everybody: “holiday.png” (89 bytes). The picture goes without place and camera data."
    )
    assert person.types("/send holiday.png -- the sea")
    assert person.client.shared == [(OutgoingFile("holiday.png", folder / "holiday.png"), "the sea", None)]
    assert [file.name for file in person.conversation.files.moving()] == ["holiday.png"]


def test_the_line_goes_with_the_first_of_several(person: Person, folder: Path) -> None:
    """Nobody reads it twice."""
    assert person.types("/send --keep-metadata plan.odt holiday.png -- both")
    assert person.client.shared == [
        (OutgoingFile("plan.odt", folder / "plan.odt", keep_metadata=True), "both", None),
        (OutgoingFile("holiday.png", folder / "holiday.png", keep_metadata=True), "", None),
    ]
    assert person.shown == [
        "To everybody: “plan.odt” (4 bytes) and “holiday.png” (89 bytes). "
        "1 picture goes with place and camera data."
    ]


def test_data_that_can_not_be_removed_is_named(person: Person) -> None:
    """The photos of some telephones."""
    assert person.drafting.describe("/send live.heic") == (
        "To everybody: “live.heic” (12 bytes). The picture goes with place and camera data, if there is any."
    )


def test_a_file_that_is_not_there_leaves_the_line_in_the_field(person: Person) -> None:
    """It can be corrected."""
    assert not person.types("/send holliday.jpg")
    assert person.shown == ["! There is no file “holliday.jpg” in ~. Tab completes a path."]
    assert person.client.shared == []


def test_a_file_that_comes_meanwhile_is_found(person: Person, folder: Path) -> None:
    """What the line above the field said is looked up again."""
    person.drafting.changed("/send new.txt")
    assert "no file" in person.drafting.describe("/send new.txt")
    (folder / "new.txt").touch()
    assert person.types("/send new.txt")


def test_a_room_without_files_says_so() -> None:
    """Before anything is read."""
    person = Person()
    person.happens(joined(room=replace(room_info(), features=())))
    assert NO_FILES_REASON in person.drafting.describe("/send holiday.png")
    assert not person.types("/send holiday.png")
    assert person.client.shared == []


def test_a_private_message_sends_no_file(person: Person) -> None:
    """A file goes to everybody."""
    assert not person.types("/msg bob /send plan.odt")
    assert person.client.shared == []
    assert person.client.requests == []
    assert "nothing was sent" in person.shown[0]


def test_the_files_are_listed(person: Person, folder: Path) -> None:
    """With what has become of them here."""
    person.types("/send plan.odt")
    person.types("/get 1")
    person.happens(FileProgress("t1", "plan.odt", 4, 2, upload=True))
    person.happens(FileSaved("t2", "sea.png", 2_100_000, folder / "Pictures" / "sea.png", "f1"))
    person.happens(shared(9, "cy", "two\nlines “x”.txt", 1))
    person.shown.clear()
    assert person.types("/files")
    assert person.shown == [
        f"1 “sea.png” (2.1 MB) from bob, saved as ~{os.sep}{Path('Pictures', 'sea.png')}",
        "2 “song.mp3” (900 bytes) from bob",
        "3 “plan.odt” (4 bytes) from you, sending: 50%",
        "4 “two lines 'x'.txt” (1 byte) from cy",
    ]


def test_without_files_the_list_says_how_to_send_one() -> None:
    """The first thing that a person tries."""
    person = Person()
    assert person.types("/files")
    assert person.shown == ["No file has been sent here. /send PATH sends one to everybody."]


def test_a_file_is_saved_by_its_number(person: Person, folder: Path) -> None:
    """In the usual folder, or another one."""
    assert person.drafting.describe("/get 1") == (
        "Saves “sea.png” (2.1 MB) from bob in your folder for downloads."
    )
    assert person.types("/get 1")
    assert person.types("/get 2 Pictures")
    fetched = [(info.name, where) for info, where in person.client.fetched]
    assert fetched == [("sea.png", None), ("song.mp3", folder / "Pictures")]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("/get", ["song.mp3"]),
        ("/get 1,2", ["sea.png", "song.mp3"]),
        ("/get all", ["sea.png", "song.mp3"]),
    ],
)
def test_several_files_are_saved_at_once(person: Person, typed: str, names: list[str]) -> None:
    """Without a number the last one of the others."""
    person.happens(shared(3, "ann", "mine.txt"))
    assert person.types(typed)
    assert [info.name for info, _ in person.client.fetched] == names


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("/get 9", "There is no file 9. /files lists the files."),
        ("/get 2", "There is no file 2. /files lists the files."),
        ("/get 3", "“plan.odt” (4 bytes) is not in the room yet."),
        ("/get 1 Pictured", "There is no folder “Pictured”. Make it first, or choose another one."),
        ("/cancel 1", "File 1 is not on its way. /files lists the files."),
    ],
)
def test_what_can_not_be_done_is_said(person: Person, typed: str, sentence: str) -> None:
    """In the line above the field, and after Enter; the line stays."""
    person.happens(deleted(5, 2, "bob"))
    person.types("/send plan.odt")
    person.shown.clear()
    assert person.drafting.describe(typed) == sentence
    assert not person.types(typed)
    assert person.shown == [f"! {sentence}"]
    assert person.client.fetched == []


def test_a_file_on_its_way_is_not_fetched_twice(person: Person) -> None:
    """But what is not, is."""
    person.types("/get 1")
    assert not person.types("/get 1")
    assert person.shown[-1] == "! “sea.png” is still on its way. /cancel stops it."
    assert person.types("/get 1,2")
    assert [info.name for info, _ in person.client.fetched] == ["sea.png", "song.mp3"]


def test_everything_is_here(person: Person, folder: Path) -> None:
    """Nothing is fetched again by itself."""
    person.types("/get all")
    for number, name in enumerate(("sea.png", "song.mp3"), 1):
        person.happens(FileSaved(f"t{number}", name, 1, folder / name, f"f{number}"))
    assert not person.types("/get all")
    assert person.shown[-1] == "! You have every file that the others have sent here."


def test_the_only_transfer_needs_no_number(person: Person) -> None:
    """Of several, the number says which."""
    person.types("/send plan.odt")
    assert person.drafting.describe("/cancel") == "Stops “plan.odt” (4 bytes)."
    assert person.types("/cancel")
    assert person.client.cancelled == ["t1"]
    person.types("/get 1")
    assert not person.types("/cancel")
    assert "type /cancel and the number" in person.shown[-1]
    assert person.types("/cancel 1")
    assert person.types("/cancel all")
    assert person.client.cancelled == ["t1", "t2", "t2", "t1"]
    person.happens(FileFailed("t1", "plan.odt", True, "You stopped it.", "", cancelled=True))
    person.happens(FileFailed("t2", "sea.png", False, "You stopped it.", "", cancelled=True))
    assert person.drafting.describe("/cancel") == "No file is on its way."


def test_files_of_ignored_members_are_not_listed(person: Person) -> None:
    """As their messages are not shown."""
    person.types("/ignore bob")
    assert person.conversation.shown_files() == []


def test_a_file_that_a_search_finds_can_be_saved(person: Person) -> None:
    """It gets the next number."""
    person.types("/search boat")
    old = shared(0, "cy", "boat.png")
    person.happens(SearchResult("r1", (old,), more=False, latest=9))
    assert person.types("/get 3")
    assert [info.name for info, _ in person.client.fetched] == ["boat.png"]


def test_only_the_line_about_a_file_is_edited() -> None:
    """The room adds the file's own line again."""
    person = Person(shared(3, "ann", "mine.txt", 5, "my text"))
    assert not person.types("/edit")
    assert person.field == "/edit my text"
    assert person.types("/edit my text")
    assert person.client.requests == []
    assert person.types("/edit better")
    assert person.client.requests == [Edit("r1", 3, "better")]
    person.happens(edited(4, 3, "ann", "better\n[file] mine.txt (5 bytes)"))
    message = person.conversation.messages.get(3)
    assert message is not None
    assert message.caption == "better"


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        ("/send pl", ["/send plan.odt "]),
        ("/send --k", ["/send --keep-metadata "]),
        ("/send --keep-metadata pl", ["/send --keep-metadata plan.odt "]),
        ("/send plan.odt -- ask bo", ["/send plan.odt -- ask bob "]),
        ("/get ", ["/get 1 ", "/get 2 "]),
        ("/get 1,", ["/get 1,1 ", "/get 1,2 "]),
        ("/get 1 Pi", [f"/get 1 Pictures{os.sep}"]),
        ("/cancel ", ["/cancel 3 "]),
        ("bo", ["bob: "]),
    ],
)
def test_tab_completes_paths_and_numbers(person: Person, before: str, offered: list[str]) -> None:
    """And still names and commands."""
    person.types("/send holiday.png")
    found = complete_line(before, person.conversation)
    assert [before[: len(before) - one.replaces] + one.text for one in found] == offered


def test_a_number_is_offered_with_its_file(person: Person) -> None:
    """Nobody remembers numbers."""
    labels = [one.label for one in complete_line("/get ", person.conversation)]
    assert labels == ["1 “sea.png” (2.1 MB)", "2 “song.mp3” (900 bytes)"]


def test_a_file_answers_a_message(person: Person, folder: Path) -> None:
    """The line above the field says which; only the first of several files answers it."""
    typed = "/reply bob /send plan.odt holiday.png -- mine"
    assert "plan.odt" in person.drafting.describe(typed)
    assert person.drafting.describe(typed).endswith("Answers bob: “[file] song.mp3 (900 bytes)”")
    assert person.types(typed)
    assert person.client.sent == []
    assert [(file.name, text, reply_to) for file, text, reply_to in person.client.shared] == [
        ("plan.odt", "mine", 2),
        ("holiday.png", "", None),
    ]
    assert person.types("/reply #1 /SEND plan.odt")
    assert person.client.shared[-1] == (OutgoingFile("plan.odt", folder / "plan.odt"), "", 1)


def test_a_file_answers_what_was_last_when_it_was_begun(person: Person) -> None:
    """What comes while the path is typed is not answered."""
    person.drafting.changed("/reply /send pl")
    person.happens(shared(3, "bob", "late.mp3", 900))
    person.drafting.changed("/reply /send plan.odt")
    assert person.types("/reply /send plan.odt")
    assert person.client.shared[-1][2] == 2


def test_a_file_answers_no_private_message(person: Person) -> None:
    """Everybody would get it. A message that is not there is not answered either."""
    person.happens(told(3, "bob", "ann", "psst"))
    for typed, why in (("/reply /send plan.odt", "is private"), ("/reply #9 /send plan.odt", "#9")):
        assert why in person.drafting.describe(typed)
        assert not person.types(typed)
        assert why in person.shown[-1]
    assert person.client.shared == []
    assert not person.types("/reply /send ")


def test_tab_completes_the_path_in_an_answer(person: Person) -> None:
    for typed in ("/reply /send pl", "/reply bob /send pl", "/reply #1 /send pl"):
        assert [each.text for each in complete_line(typed, person.conversation)] == ["plan.odt "]


def test_a_line_about_a_file_can_be_taken_away(person: Person) -> None:
    """The first Enter fetches it, and with nothing left of it the next one takes it away."""
    person.happens(shared(3, "ann", "sky.png", 9, "the sky"))
    assert not person.types("/edit")
    assert person.field == "/edit the sky"
    person.drafting.changed("/edit ")
    assert person.types("/edit ")
    assert person.client.requests == [Edit("r1", 3, "")]
    assert not person.types("/edit #3")
    assert len(person.client.requests) == 1

"""The files that a person is about to send."""

from __future__ import annotations

from pathlib import Path

from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.gui.model.sending.chosen_file import IS_FOLDER, FileFacts
from messango.gui.model.sending.sending_list import MAX_FILES, SendingList, too_many_text
from messango.protocol.frames import Quote

QUOTE = Quote(3, "Ben", "Do you have it?")


def chosen(*names: str, size: int = 1_000, limit: int | None = None) -> SendingList:
    """Return a list with files of one size, about which all is known."""
    files = SendingList(limit)
    for file in files.add_paths(map(Path, names)):
        files.learned(file.key, FileFacts(size))
    return files


def test_files_go_in_the_order_in_which_they_were_chosen() -> None:
    """Each once, with its name and its size."""
    files = chosen("/home/b.txt", "/home/a.txt", "/home/b.txt")
    assert [share.file.name for share in files.shares("", None)] == ["b.txt", "a.txt"]
    assert files.shares("", None)[0].file == OutgoingFile("b.txt", Path("/home/b.txt"))
    assert files.add_paths([Path("/home/a.txt")]) == []


def test_the_line_and_the_answer_go_with_the_first_file() -> None:
    """So nobody reads them twice."""
    first, second = chosen("a.txt", "b.txt").shares("Here they are", QUOTE)
    assert (first.caption, first.reply) == ("Here they are", QUOTE)
    assert (second.caption, second.reply) == ("", None)


def test_nothing_goes_before_the_files_are_read() -> None:
    """Nor if none of them can be sent."""
    files = SendingList()
    (file,) = files.add_paths([Path("/home/a.txt")])
    assert "still being read" in files.refusal
    assert files.title == "Send this file to everybody"
    files.learned(file.key, FileFacts(2_000_000))
    assert files.refusal == ""
    assert files.title == "Send this file to everybody · 2.0 MB"


def test_a_folder_stays_behind() -> None:
    """The other files go, and the title and the button count them."""
    files = chosen("/home/a.txt", "/home/b.txt")
    (folder,) = files.add_paths([Path("/home/Holiday")])
    files.learned(folder.key, FileFacts(problem=IS_FOLDER))
    assert files.title == "Send 2 of 3 files to everybody · 2.0 kB"
    assert files.button == "Send 2 files"
    assert len(files.shares("", None)) == 2
    assert files.refusal == ""


def test_if_no_file_can_be_sent_the_list_says_so() -> None:
    """With what to do."""
    files = SendingList()
    (folder,) = files.add_paths([Path("/home/Holiday")])
    files.learned(folder.key, FileFacts(problem=IS_FOLDER))
    assert files.title == "This can't be sent"
    assert "Escape" in files.refusal
    assert not files.can_send


def test_an_empty_file_can_be_sent() -> None:
    """It is a file like any other."""
    assert chosen("empty.txt", size=0).refusal == ""


def test_a_file_larger_than_the_room_takes_is_refused() -> None:
    """If the room's limit is known."""
    files = chosen("film.mkv", size=300_000_000, limit=200_000_000)
    assert "up to 200 MB" in files.files[0].problem
    assert not files.files[0].can_go


def test_one_file_can_be_taken_out() -> None:
    """What is learned about it afterwards changes nothing."""
    files = chosen("a.txt", "b.txt")
    key = files.files[0].key
    files.remove(key)
    files.learned(key, FileFacts(1))
    assert [file.name for file in files.files] == ["b.txt"]


def test_place_and_camera_data_stay_only_if_the_person_says_so() -> None:
    """And only in pictures; the next files begin without them."""
    files = chosen("/home/a.JPG", "/home/b.txt")
    assert files.has_picture
    assert not any(share.file.keep_metadata for share in files.shares("", None))
    files.keep_metadata = True
    assert [share.file.keep_metadata for share in files.shares("", None)] == [True, False]
    files.clear()
    assert not files.keep_metadata


def test_a_name_that_others_get_otherwise_is_said() -> None:
    """Before the file goes."""
    (file,) = chosen("/home/what: a name?.txt").files
    assert file.name == "what a name.txt"
    assert file.note == "Others get it as “what a name.txt”."
    assert chosen("/home/plain.txt").files[0].note == ""


def test_there_is_an_end_to_how_many_go_at_once() -> None:
    """The rest is left out, and the person reads it."""
    files = SendingList()
    added = files.add_paths(Path(f"/home/{number}") for number in range(MAX_FILES + 5))
    assert len(added) == MAX_FILES
    assert not files.add_data("one more", b"")
    assert too_many_text(5) == f"At most {MAX_FILES} files go at once: 5 files were not added."


def test_a_text_that_goes_as_a_file_follows_the_field() -> None:
    """It is the file and not the line about it."""
    files = SendingList()
    files.set_text("text.txt", "ä" * 10)
    files.set_text("", "ä" * 12)
    (share,) = files.shares("ä" * 12, QUOTE)
    assert share.file == OutgoingFile("text.txt", data=("ä" * 12).encode())
    assert (share.caption, share.reply, share.size) == ("", QUOTE, 24)
    assert files.title == "Send your text as a file to everybody · 24 bytes"
    files.drop_text()
    assert not files
    assert not files.has_text_file


def test_the_title_names_pictures() -> None:
    """As people call them."""
    assert chosen("a.png", "b.jpg").title.startswith("Send 2 pictures")
    assert chosen("a.png", "b.txt").title.startswith("Send 2 files")
    assert chosen("a.png").title.startswith("Send this picture")
    assert chosen("a.png").placeholder == "Add a line about it"
    assert chosen("a.png", "b.jpg").placeholder == "Add a line about them"

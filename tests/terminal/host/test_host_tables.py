"""What the host reads as the result of a command."""

from __future__ import annotations

import time

from messango.protocol.text.validation import HOST_NAME
from messango.room.bans import Ban
from messango.room.host.host_events import (
    BanList,
    CommandDone,
    CommandFailed,
    FileList,
    MemberInfo,
    MemberList,
    StoredFile,
)
from messango.room.peer import Peer
from messango.terminal.host.host_tables import result_lines


def _only(name: str, resembles: str) -> MemberList:
    """Return the list of one member, whose name looks like another."""
    return MemberList((MemberInfo(name, None, 0.0, away=False, resembles=resembles),))


def test_a_sentence_is_one_line() -> None:
    """Control characters in names are escaped."""
    assert result_lines(CommandDone("Done.")) == ["Done."]
    assert result_lines(CommandFailed("“a\nb\x1b” is nobody.")) == ["“a\\nb\\x1b” is nobody."]


def test_the_list_of_members() -> None:
    """Columns with names, addresses, times, and who is away or not encrypted."""
    now_s = time.time()
    at = time.strftime("%H:%M", time.localtime(now_s))
    lines = result_lines(
        MemberList(
            (
                MemberInfo("Zoë 👩‍🚀", Peer("192.0.2.1", 50_001), now_s, away=False),
                MemberInfo(
                    "bo", Peer("fe80::1", 5, encrypted=False), 1_700_000_000.0, away=True, encrypted=False
                ),
                MemberInfo("gina", Peer("192.0.2.3", 7, browser=True), now_s, away=False, web=True),
            )
        )
    )
    assert lines[0] == f"“Zoë 👩‍🚀”  192.0.2.1:50001  since {at}"
    assert lines[1].startswith("bo        [fe80::1]:5      since 2023-11-1")
    assert "away" in lines[1]
    assert "not encrypted" in lines[1]
    assert lines[2].endswith(f"since {at}, by browser")
    assert result_lines(_only("H0st", HOST_NAME))[0].endswith(", looks like the host")
    assert result_lines(_only("\u0430nn", "ann"))[0].endswith(", looks like “ann”")
    assert result_lines(MemberList(())) == ["Nobody is in the room."]
    assert result_lines(MemberList((), 1))[1:] == ["1 private message since the room opened"]


def test_members_at_other_servers() -> None:
    """The server's name stands where the others have an address: nobody here knows theirs."""
    lines = result_lines(
        MemberList(
            (
                MemberInfo("Ann", Peer("192.0.2.1", 50_001), 1_700_000_000.0, away=False, host=True),
                MemberInfo("Ben", None, 0.0, away=False, server="desk-12", host=True, web=True),
                MemberInfo("Cleo", None, 0.0, away=False, server="left: yes"),
            )
        )
    )
    assert lines[1:] == ["Ben   at desk-12       host, by browser", "Cleo  at “left: yes”"]


def test_the_list_of_bans() -> None:
    """Columns with names, addresses, ends and reasons."""
    lines = result_lines(
        BanList(
            (Ban("bob", ("192.0.2.1",), reason="spam"), Ban("", ("10.0.0.0/8",), until_s=1_700_000_000.0))
        )
    )
    assert lines[0] == "bob         192.0.2.1   for good: spam"
    assert lines[1].startswith("(any name)  10.0.0.0/8  until 2023-11-1")
    assert result_lines(BanList(())) == ["Nobody is banned."]


def test_a_time_that_no_calendar_has() -> None:
    """The file with the bans can be edited by hand."""
    assert result_lines(BanList((Ban("bob", until_s=1e300),))) == [
        "bob  (any address)  until an unknown time"
    ]


def test_the_list_of_files() -> None:
    """Columns with numbers, names, sizes, senders and ends, and the space of all."""
    lines = result_lines(
        FileList(
            (
                StoredFile(1, "a", "holiday.jpg", 2_100_000, "Ann", 0.0, 1_700_000_000.0),
                StoredFile(12, "b", "q.pdf", 310_000, "Bob B", 0.0, 1_700_000_000.0),
            ),
            2_410_000,
            2_000_000_000,
        )
    )
    assert lines[0].startswith("1   holiday.jpg  2.1 MB  Ann      until 2023-11-1")
    assert lines[1].startswith("12  q.pdf        310 kB  “Bob B”  until 2023-11-1")
    assert lines[2] == "2.4 MB of 2.0 GB in all, with files on their way"
    assert result_lines(FileList(())) == ["No files are shared."]

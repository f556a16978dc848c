"""What a host reads as the answer to a command."""

from __future__ import annotations

import time

from messango.room.bans import Ban
from messango.room.moderation import MemberInfo
from messango.room.remote_peer import Peer
from messango.server.host_events import BanList, CommandDone, CommandFailed, MemberList
from messango.terminal.host_tables import result_lines


def test_a_sentence_is_a_line() -> None:
    """Whatever the names in it are."""
    assert result_lines(CommandDone("Done.")) == ["Done."]
    assert result_lines(CommandFailed("“a\nb\x1b” is nobody.")) == ["“a\\nb\\x1b” is nobody."]


def test_who_is_there() -> None:
    """Names, addresses, since when, who is away and who is not encrypted, in columns."""
    now_s = time.time()
    at = time.strftime("%H:%M", time.localtime(now_s))
    lines = result_lines(
        MemberList(
            (
                MemberInfo("Zoë 👩‍🚀", Peer("192.0.2.1", 50_001), now_s, away=False),
                MemberInfo("bo", Peer("fe80::1", 5, encrypted=False), 1_700_000_000.0, away=True),
            )
        )
    )
    assert lines[0] == f"Zoë 👩‍🚀  192.0.2.1:50001  since {at}"
    assert lines[1].startswith("bo      [fe80::1]:5      since 2023-11-1")
    assert "away" in lines[1]
    assert "not encrypted" in lines[1]
    assert result_lines(MemberList(())) == ["Nobody is in the room."]


def test_who_is_banned() -> None:
    """Name, addresses, until when and why."""
    lines = result_lines(
        BanList(
            (Ban("bob", ("192.0.2.1",), reason="spam"), Ban("", ("10.0.0.0/8",), until_s=1_700_000_000.0))
        )
    )
    assert lines[0] == "bob         192.0.2.1   for good: spam"
    assert lines[1].startswith("(any name)  10.0.0.0/8  until 2023-11-1")
    assert result_lines(BanList(())) == ["Nobody is banned."]

"""Files in the host's terminal and window."""

from __future__ import annotations

import pytest

from messango.gui.model.conversation.notices import host_notice
from messango.room.host.host_events import FileShared, FileTurnedAway
from messango.terminal.host.host_lines import format_event

SHARED = FileShared("Bob B", "holiday.jpg", 2_100_000)
FULL = FileTurnedAway("192.0.2.1", "film.mkv", 150_000_000, "The room has no space for this file.")
WHY = "film.mkv (150 MB) from 192.0.2.1 was refused: The room has no space for this file."


@pytest.mark.parametrize(
    ("event", "line"),
    [(SHARED, "file     “Bob B” sent holiday.jpg (2.1 MB)"), (FULL, f"file     {WHY}")],
)
def test_the_hosts_terminal(event: FileShared | FileTurnedAway, line: str) -> None:
    assert format_event(event) == line


def test_the_hosts_window() -> None:
    """What was shared stands in the conversation already."""
    assert host_notice(SHARED) == ""
    assert host_notice(FULL) == WHY

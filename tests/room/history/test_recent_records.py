"""What was stored lately, in memory."""

from __future__ import annotations

import pytest

from messango.room.history.history import SavedSession
from messango.room.history.recent_records import RecentRecords
from tests.room.messages import make_messages


def test_the_oldest_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages by number and by length, sessions by number."""
    monkeypatch.setattr("messango.room.history.recent_records.MAX_MEMORY_MESSAGES", 3)
    monkeypatch.setattr("messango.room.history.recent_records.MAX_SESSIONS", 1)
    records = RecentRecords()
    records.add_entries(make_messages(1, 4))
    assert [*records.entries] == make_messages(2, 4)
    monkeypatch.setattr("messango.room.history.recent_records.MAX_MEMORY_CHARACTERS", 12)
    records.add_entries(make_messages(5, 5))
    assert [*records.entries] == make_messages(4, 5)
    records.add_sessions([SavedSession("a", "ann", "Ann"), SavedSession("b", "ben", "Ben")])
    assert [*records.sessions] == ["b"]

"""Times in this computer's time zone, also those from other people and from files."""

from __future__ import annotations

import datetime


def local_time(time_s: float) -> datetime.datetime | None:
    """Return the local time; None for a time that no calendar has: a wrong clock, or somebody's doing."""
    try:
        return datetime.datetime.fromtimestamp(time_s).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def date_text(moment: datetime.datetime) -> str:
    """Return a date as people write it: `Sunday 22 November 2026`."""
    return f"{moment:%A} {moment.day} {moment:%B %Y}"

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


def short_time(time_s: float) -> str:
    """Return a time of day, with its date if that is not today."""
    at = local_time(time_s)
    if at is None:
        return "an unknown time"
    is_today = at.date() == datetime.datetime.now().astimezone().date()
    return f"{at:%H:%M}" if is_today else f"{at:%Y-%m-%d %H:%M}"

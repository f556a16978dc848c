"""The entries that follow a welcome: the newest messages, or all that a returning member has missed."""

from __future__ import annotations

from messango.protocol.frames import Entry
from messango.protocol.limits import MAX_BACKLOG_MESSAGES
from messango.room.history.history import History
from messango.room.history.present import with_details, with_quotes


def entries_for(
    history: History, viewer: str, since: int | None, most_missed: int
) -> tuple[list[Entry], int]:
    """Return the first entries for a member who joins or returns, and the number of the last that follows.

    That number is 0 if nothing follows. After more than `most_missed` entries others follow; what the last of
    them will be for this member takes too long to find out, so it is then the room's last number.
    """
    if since is None:
        newest = history.last(MAX_BACKLOG_MESSAGES, viewer)
        return [*with_details(history, newest, viewer)], newest[-1].seq if newest else 0
    missed = missed_entries(history, viewer, since, most_missed)
    if len(missed) == most_missed:
        return missed, history.latest
    return missed, missed[-1].seq if missed else 0


def missed_entries(history: History, viewer: str, seq: int, count: int) -> list[Entry]:
    """Return the first `count` entries after a number that this member may see."""
    return with_quotes(history, history.since(seq, count, viewer))

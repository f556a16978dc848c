"""What the host reads about the link of a room."""

from __future__ import annotations

from collections import Counter

from messango.link.fold.link import LinkState
from messango.link.fold.roster import Roster
from messango.room.host.link_report import EngineReport, LinkedServer, LinkReport


def report_of(
    state: LinkState, since_s: float, roster: Roster, own: str, engine: EngineReport, waiting_bytes: int
) -> LinkReport:
    """Return the state of the link since a time (seconds since 1970 UTC), and the servers, `own` first."""
    members = Counter(known.server for known in roster.people.present())
    servers = [
        LinkedServer(
            server.card.name,
            members[server.card.id],
            own=server.card.id == own,
            present=not server.gone,
        )
        for server in roster.servers
    ]
    return LinkReport(
        state.up,
        since_s,
        tuple(sorted(servers, key=lambda server: not server.own)),
        engine,
        waiting_bytes,
        state.reason,
        state.hint,
        state.permanent,
    )

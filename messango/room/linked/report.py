"""What the host reads about the link of a room."""

from __future__ import annotations

from collections import Counter

from messango.room.host.link_report import EngineReport, LinkedServer, LinkReport
from messango.room.linked.follower import Follower


def report_of(follower: Follower, engine: EngineReport, now_s: float, time_s: float) -> LinkReport:
    """Return the state of the link, and the servers, this one first."""
    state, roster, own = follower.watch.state, follower.replica.roster, follower.card.id
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
        time_s - (now_s - follower.watch.since_s),
        tuple(sorted(servers, key=lambda server: not server.own)),
        engine,
        follower.link.waiting_bytes,
        state.reason,
        state.hint,
        state.permanent,
    )

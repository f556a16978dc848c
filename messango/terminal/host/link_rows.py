"""What the host reads about the link of a linked room, as rows of two columns and more."""

from __future__ import annotations

from messango.protocol.files.file_line import format_size
from messango.protocol.text.escaping import excerpt
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.wording import counted
from messango.room.host.link_report import EngineReport, LinkedServer, LinkReport
from messango.terminal.local_time import short_time


def link_rows(report: LinkReport) -> list[tuple[str, str]]:
    """Return the rows; the names of other servers are as little trusted as members'."""
    since = f"since {short_time(report.since_s)}"
    rows = [("Link", f"up {since}")] if report.up else _down_rows(report, since)
    if report.waiting_bytes:
        rows.append(
            ("Waiting", f"{format_size(report.waiting_bytes)} that the other servers have not got yet")
        )
    rows.append(("Engine", _engine_text(report.engine)))
    first = "Servers"
    for server in report.servers:
        rows.append((first, _server_text(server)))
        first = ""
    return rows


def _down_rows(report: LinkReport, since: str) -> list[tuple[str, str]]:
    rest = "it stays down until you do something" if report.permanent else "it comes back by itself"
    rows = [("Link", f"down {since}; {rest}"), ("", report.reason), ("", report.hint)]
    return [row for row in rows if row[1]]


def _engine_text(engine: EngineReport) -> str:
    what = f"nats-server {excerpt(engine.version)}" if engine.version else "not reached yet"
    parts = [what, *(["started by this server"] if engine.own else [])]
    if engine.syncs is not None:
        parts.append("syncs its disk" if engine.syncs else "does not sync its disk: see `messango help link`")
    return ", ".join(parts)


def _server_text(server: LinkedServer) -> str:
    members = counted(server.members, "member") if server.present else "gone"
    return f"{plain_name(server.name)}: {members}{' (this server)' if server.own else ''}"

"""Results of host commands as fields of JSON: `messango host --json` prints them, and gets them like this.

`messango help host` documents the fields for programs: none is ever renamed or removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from messango.room.bans import Ban
from messango.room.host.host_events import (
    BanList,
    CommandDone,
    FileList,
    GuestLink,
    MemberInfo,
    MemberList,
    StoredFile,
)
from messango.room.host.link_report import EngineReport, LinkedServer, LinkReport
from messango.room.peer import Peer

#: Each result but that of a command that failed.
Result: TypeAlias = CommandDone | MemberList | BanList | FileList | GuestLink | LinkReport


def result_fields(result: Result) -> dict[str, Any]:
    """Return the fields of a result: `message`; or `members` and the number of `private_messages`; or `bans`;
    or `files`, their `size` in all, and the `limit` of that; or `web` and a `message`; or `link`.
    """
    if isinstance(result, CommandDone):
        return {"message": result.message}
    if isinstance(result, MemberList):
        members = [_member_fields(member) for member in result.members]
        return {"members": members, "private_messages": result.private_messages}
    if isinstance(result, FileList):
        files = [_file_fields(file) for file in result.files]
        return {"files": files, "size": result.total, "limit": result.most}
    if isinstance(result, GuestLink):
        return {"message": result.message, "web": _guest_fields(result)}
    if isinstance(result, LinkReport):
        return {"link": _link_fields(result)}
    return {"bans": [_ban_fields(ban) for ban in result.bans]}


def result_of(fields: Mapping[str, Any]) -> Result:
    """Return the result that has these fields, as far as they say; raises `LookupError` or `TypeError`."""
    if "members" in fields:
        members = tuple(_member_of(member) for member in fields["members"])
        # Earlier servers have no private messages.
        return MemberList(members, fields.get("private_messages", 0))
    if "bans" in fields:
        return BanList(tuple(_ban_of(ban) for ban in fields["bans"]))
    if "files" in fields:
        return FileList(tuple(map(_file_of, fields["files"])), fields["size"], fields["limit"])
    if "web" in fields:
        return _guest_link_of(fields)
    if "link" in fields:
        return _link_report_of(fields["link"])
    return CommandDone(fields["message"])


def _member_fields(member: MemberInfo) -> dict[str, Any]:
    peer = member.peer
    return {
        "id": member.id,
        "name": member.name,
        "address": peer.host if peer else None,
        "port": peer.port if peer else None,
        "joined": None if member.server else member.joined_at_s,
        "away": member.away,
        "host": member.host,
        "encrypted": member.encrypted if peer or member.server else None,
        "web": member.web,
        "resembles": member.resembles,
        "server": member.server or None,
    }


def _member_of(fields: Mapping[str, Any]) -> MemberInfo:
    return MemberInfo(
        fields["name"],
        None if fields["address"] is None else _peer_of(fields),
        fields["joined"] or 0.0,
        away=fields["away"],
        host=fields["host"],
        resembles=fields["resembles"],
        id=fields["id"],
        # Earlier servers are not linked, and have no guests from the browser.
        server=fields.get("server") or "",
        web=fields.get("web", False),
        encrypted=fields["encrypted"] is not False,
    )


def _peer_of(member: Mapping[str, Any]) -> Peer:
    # Earlier servers have no guests from the browser.
    browser = member.get("web", False)
    return Peer(member["address"], member["port"], encrypted=member["encrypted"], browser=browser)


def _ban_fields(ban: Ban) -> dict[str, Any]:
    return {
        "name": ban.name,
        "networks": [*ban.networks],
        "until": ban.until_s,
        "reason": ban.reason,
        "newcomers_only": ban.newcomers_only,
    }


def _ban_of(fields: Mapping[str, Any]) -> Ban:
    return Ban(
        fields["name"],
        tuple(fields["networks"]),
        until_s=fields["until"],
        reason=fields["reason"],
        newcomers_only=fields["newcomers_only"],
    )


def _file_fields(file: StoredFile) -> dict[str, Any]:
    return {
        "number": file.number,
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "sender": file.sender,
        "shared": file.shared_at_s,
        "expires": file.expires_at_s,
    }


def _file_of(fields: Mapping[str, Any]) -> StoredFile:
    names = ("number", "id", "name", "size", "sender", "shared", "expires")
    return StoredFile(*(fields[name] for name in names))


def _guest_fields(link: GuestLink) -> dict[str, Any]:
    if not link.key:
        return {"on": False, "key": None, "expires": None, "expired": False, "guests": link.guests}
    return {
        "on": True,
        "key": link.key,
        "expires": link.expires_at_s,
        "expired": link.has_expired,
        "guests": link.guests,
    }


def _guest_link_of(fields: Mapping[str, Any]) -> GuestLink:
    web = fields["web"]
    return GuestLink(
        web["key"] or "",
        web["expires"] or 0.0,
        web["guests"],
        fields["message"],
        has_expired=web["expired"],
    )


def _link_fields(report: LinkReport) -> dict[str, Any]:
    engine = report.engine
    return {
        "up": report.up,
        "since": report.since_s,
        "reason": report.reason,
        "hint": report.hint,
        "permanent": report.permanent,
        "waiting": report.waiting_bytes,
        "engine": {"version": engine.version or None, "own": engine.own, "syncs": engine.syncs},
        "servers": [
            {"name": each.name, "members": each.members, "own": each.own, "present": each.present}
            for each in report.servers
        ],
    }


def _link_report_of(fields: Mapping[str, Any]) -> LinkReport:
    engine = fields["engine"]
    return LinkReport(
        up=fields["up"],
        since_s=fields["since"],
        servers=tuple(
            LinkedServer(each["name"], each["members"], own=each["own"], present=each["present"])
            for each in fields["servers"]
        ),
        engine=EngineReport(engine["version"] or "", own=engine["own"], syncs=engine["syncs"]),
        waiting_bytes=fields["waiting"],
        reason=fields["reason"],
        hint=fields["hint"],
        permanent=fields["permanent"],
    )

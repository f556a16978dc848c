"""Results of host commands as fields of JSON: `messango host --json` prints them, and gets them like this.

`messango help host` documents the fields for programs: none is ever renamed or removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from messango.room.bans import Ban
from messango.room.host.host_events import (
    BanList,
    CommandDone,
    FileList,
    MemberInfo,
    MemberList,
    StoredFile,
)
from messango.room.peer import Peer


def result_fields(result: CommandDone | MemberList | BanList | FileList) -> dict[str, Any]:
    """Return the fields of a result: `message`; or `members` and the number of `private_messages`; or `bans`;
    or `files`, their `size` in all, and the `limit` of that.
    """
    if isinstance(result, CommandDone):
        return {"message": result.message}
    if isinstance(result, MemberList):
        members = [_member_fields(member) for member in result.members]
        return {"members": members, "private_messages": result.private_messages}
    if isinstance(result, FileList):
        files = [_file_fields(file) for file in result.files]
        return {"files": files, "size": result.total, "limit": result.most}
    return {"bans": [_ban_fields(ban) for ban in result.bans]}


def result_of(fields: Mapping[str, Any]) -> CommandDone | MemberList | BanList | FileList:
    """Return the result that has these fields, as far as they say; raises `LookupError` or `TypeError`."""
    if "members" in fields:
        members = tuple(_member_of(member) for member in fields["members"])
        # Earlier servers have no private messages.
        return MemberList(members, fields.get("private_messages", 0))
    if "bans" in fields:
        return BanList(tuple(_ban_of(ban) for ban in fields["bans"]))
    if "files" in fields:
        return FileList(tuple(map(_file_of, fields["files"])), fields["size"], fields["limit"])
    return CommandDone(fields["message"])


def _member_fields(member: MemberInfo) -> dict[str, Any]:
    peer = member.peer
    return {
        "id": member.id,
        "name": member.name,
        "address": peer.host if peer else None,
        "port": peer.port if peer else None,
        "joined": member.joined_at_s,
        "away": member.away,
        "host": member.host,
        "encrypted": peer.encrypted if peer else None,
        "resembles": member.resembles,
    }


def _member_of(fields: Mapping[str, Any]) -> MemberInfo:
    address = fields["address"]
    return MemberInfo(
        fields["name"],
        None if address is None else Peer(address, fields["port"], encrypted=fields["encrypted"]),
        fields["joined"],
        away=fields["away"],
        host=fields["host"],
        resembles=fields["resembles"],
        id=fields["id"],
    )


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

"""What the host reads in the terminal as the result of a command."""

from __future__ import annotations

from collections.abc import Sequence

from wcwidth import wcswidth

from messango.protocol.files.file_line import format_size
from messango.protocol.look_alike_texts import resembled
from messango.protocol.text.escaping import safe_line
from messango.protocol.text.plain_names import plain_name
from messango.room.bans import Ban
from messango.room.host.host_events import (
    BanList,
    CommandDone,
    CommandFailed,
    FileList,
    MemberInfo,
    MemberList,
    StoredFile,
    private_messages_text,
)
from messango.room.host.link_report import LinkReport
from messango.terminal.host.link_rows import link_rows
from messango.terminal.local_time import short_time


def result_lines(
    result: CommandDone | CommandFailed | MemberList | BanList | FileList | LinkReport,
) -> list[str]:
    """Return a result as lines; times are in this computer's time zone.

    That of a command about guests, `GuestInvite` shows.
    """
    if isinstance(result, (CommandDone, CommandFailed)):
        return [safe_line(result.message)]
    if isinstance(result, MemberList):
        rows = _align_columns([_member_row(member) for member in result.members])
        private = private_messages_text(result.private_messages)
        return [
            *(rows or ["Nobody is in the room."]),
            *([f"{private} since the room opened"] if private else []),
        ]
    if isinstance(result, FileList):
        return _file_lines(result)
    if isinstance(result, LinkReport):
        return _align_columns(link_rows(result))
    return _align_columns([_ban_row(ban) for ban in result.bans]) or ["Nobody is banned."]


def _member_row(member: MemberInfo) -> tuple[str, ...]:
    notes = [] if member.server else [f"since {short_time(member.joined_at_s)}"]
    if member.host:
        notes.append("host")
    if member.resembles:
        notes.append(f"looks like {resembled(member.resembles)}")
    if member.away:
        notes.append("away: the connection broke, and the seat is reserved for a while")
    if member.web:
        notes.append("by browser")
    if not member.encrypted:
        notes.append("not encrypted")
    where = f"at {plain_name(member.server)}" if member.server else str(member.peer or "")
    return plain_name(member.name), where, ", ".join(notes)


def _ban_row(ban: Ban) -> tuple[str, ...]:
    until = "for good" if ban.until_s is None else f"until {short_time(ban.until_s)}"
    because = f": {ban.reason}" if ban.reason else ""
    name = plain_name(ban.name) if ban.name else "(any name)"
    return name, ", ".join(ban.networks) or "(any address)", until + because


def _file_lines(files: FileList) -> list[str]:
    rows = _align_columns([_file_row(file) for file in files.files]) or ["No files are shared."]
    if not files.total:
        return rows
    return [*rows, f"{format_size(files.total)} of {format_size(files.most)} in all, with files on their way"]


def _file_row(file: StoredFile) -> tuple[str, ...]:
    until = f"until {short_time(file.expires_at_s)}"
    return str(file.number), file.name, format_size(file.size), plain_name(file.sender), until


def _align_columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows as lines with aligned columns."""
    safe = [[safe_line(cell) for cell in row] for row in rows]
    widths = [max(map(wcswidth, column)) for column in zip(*safe, strict=True)]
    padded = ([_padded(*pair) for pair in zip(row, widths, strict=True)] for row in safe)
    return ["  ".join(row).rstrip() for row in padded]


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - wcswidth(cell))

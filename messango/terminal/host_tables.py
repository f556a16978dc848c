"""What the host reads in the terminal as the answer to a command."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Sequence

from messango.protocol.escaping import safe_line
from messango.room.bans import Ban
from messango.room.moderation import MemberInfo
from messango.server.host_events import Answer, HostCouldNot, HostDid, Present


def answer_lines(answer: Answer) -> list[str]:
    """Return an answer as lines; times are this machine's."""
    if isinstance(answer, (HostDid, HostCouldNot)):
        return [safe_line(answer.sentence)]
    if isinstance(answer, Present):
        return _columns([_member(member) for member in answer.members]) or ["Nobody is in the room."]
    return _columns([_ban(ban) for ban in answer.bans]) or ["Nobody is banned."]


def _member(member: MemberInfo) -> tuple[str, ...]:
    notes = [f"since {_moment(member.joined_at_s)}"]
    if member.away:
        notes.append("away: the connection broke, the seat is kept for a while")
    if member.peer and not member.peer.encrypted:
        notes.append("not encrypted")
    return member.name, str(member.peer or ""), ", ".join(notes)


def _ban(ban: Ban) -> tuple[str, ...]:
    until = "for good" if ban.until_s is None else f"until {_moment(ban.until_s)}"
    because = f": {ban.reason}" if ban.reason else ""
    return ban.name or "(any name)", ", ".join(ban.networks) or "(any address)", until + because


def _moment(time_s: float) -> str:
    """Return a time of day, with its date where that is another than today's."""
    moment = time.localtime(time_s)
    today = moment[:3] == time.localtime()[:3]
    return time.strftime("%H:%M" if today else "%Y-%m-%d %H:%M", moment)


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows with their columns below each other."""
    safe = [[safe_line(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*safe, strict=True)]
    padded = ([_padded(*pair) for pair in zip(row, widths, strict=True)] for row in safe)
    return ["  ".join(row).rstrip() for row in padded]


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    """Return how many columns a text takes, near enough: marks none, emoji and East Asian letters two."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.category(character) in ("Mn", "Me", "Cf") for character in text)

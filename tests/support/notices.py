"""Notices about members, to compare."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from messango.protocol.frames import Joined, Left, Renamed, TypingNotice

T = TypeVar("T")


def without_id(frame: T) -> T:
    """Return a notice about a member without the public id, which is random; any other frame as it is."""
    if isinstance(frame, (Joined, Left, Renamed, TypingNotice)):
        return msgspec.structs.replace(frame, member="")
    return frame

"""Why an act has no effect. The code stands in the digest, so every server must come to the same one."""

from __future__ import annotations

from typing import Literal, TypeAlias

#: - `already-based`: the room's beginning is complete, or another server writes it.
#: - `banned`: the session was removed from the room.
#: - `locked`: the room takes no newcomers.
#: - `name-taken`: somebody else in the room has a name with this key.
#: - `not-banned`: none of these bans is in force.
#: - `not-based`: the room's beginning is not complete.
#: - `not-here`: the member is not in the room by this server, or the server itself is not in it by this life:
#:   it has to be `Opened`, and its members to come again.
#: - `outdated`: the server has a newer life than the writer of this knew of.
#: - `removed`: the member was removed from the room.
#: - `too-many-servers`
#: - `unchanged`: it was so already.
#: - `unknown-member`: nobody whom the room remembers.
Refusal: TypeAlias = Literal[
    "already-based",
    "banned",
    "locked",
    "name-taken",
    "not-banned",
    "not-based",
    "not-here",
    "outdated",
    "removed",
    "too-many-servers",
    "unchanged",
    "unknown-member",
]

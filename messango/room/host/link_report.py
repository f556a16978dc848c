"""What the host of a linked room reads about its link: the result of the command `link`. Pure data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkedServer:
    """A server of the linked room, by its own name; `members` have their seats there.

    `own`: it is this one. Without `present`, it was declared gone.
    """

    name: str
    members: int
    own: bool = False
    present: bool = True


@dataclass(frozen=True, slots=True)
class EngineReport:
    """The engine to which this server is connected, or was last.

    `version` is empty if it was never reached. `own`: this server has started it. `syncs`: it acknowledges
    nothing before that is on its disk; None if that is not known, as of one that others run.
    """

    version: str
    own: bool = False
    syncs: bool | None = None


@dataclass(frozen=True, slots=True)
class LinkReport:
    """The state of the link, and since when (in seconds since 1970 UTC).

    If it is not `up`, `reason` and `hint` are sentences about why and what helps; `permanent`: it does not
    come back by itself. `waiting_bytes` is how much of what was said here is not in the stream yet.
    `servers` are all that are or were there, this one first.
    """

    up: bool
    since_s: float
    servers: tuple[LinkedServer, ...]
    engine: EngineReport
    waiting_bytes: int = 0
    reason: str = ""
    hint: str = ""
    permanent: bool = False

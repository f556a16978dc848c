"""What a host chooses for a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from messango.protocol.frames import Message
from messango.protocol.limits import DEFAULT_FILE_BYTES, DEFAULT_RATE_LIMIT, DEFAULT_SEATS, FILES_KEPT_S
from messango.protocol.password import Password
from messango.transport.identity.host_identity import IdentityChoice

if TYPE_CHECKING:  # Most rooms are not linked.
    from messango.link.link_choice import LinkChoice


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """The host's options.

    `host` is the address to listen on, or None for all. A `port` of None means 8000 or the next free port,
    and 0 any free port. `rate_limit` is in messages per second for each member; 0 means no limit. `history`
    is the file for messages, or None for the room's own in the home folder. `initial_messages` are those of
    a closed room that this one continues. `identity` is what the host says about a copied home folder.
    `files` is the largest file that members can share, in bytes, or None if they can't; shared ones stay for
    `keep_files_s` seconds. `web`: guests may join from the browser. `link`: this is one of several servers
    of one room.
    """

    name: str
    host: str | None = None
    port: int | None = None
    seats: int = DEFAULT_SEATS
    rate_limit: float = DEFAULT_RATE_LIMIT
    allow_plaintext: bool = False
    keep_history: bool = True
    history: Path | None = None
    initial_messages: Sequence[Message] = ()
    password: Password | None = None
    identity: IdentityChoice | None = None
    files: int | None = DEFAULT_FILE_BYTES
    keep_files_s: float = FILES_KEPT_S
    web: bool = False
    link: LinkChoice | None = None

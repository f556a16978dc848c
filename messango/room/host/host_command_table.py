"""The table of the host's commands: the prompt, `messango host`, their help and their completion follow it.

Imports nothing, so that `messango --help` stays quick; `host_command_parser` has what parses each command.
"""

from __future__ import annotations

from typing import Final, NamedTuple

#: Typed after `password`, it removes the password.
NO_PASSWORD: Final = "--none"  # noqa: S105 (an option)

#: Typed after `web`: let guests in, make a new link, send them away.
GUEST_WORDS: Final = ("on", "renew", "off")

#: Typed after `relink`, by a host who has read what it does.
CONFIRM: Final = "yes"


class HostCommandRow(NamedTuple):
    """One command: `argument` is what follows the name, in brackets if it may be left out."""

    name: str
    argument: str
    summary: str
    #: What to type after `messango host`, to see how it is done.
    example: str = ""


#: The commands of `messango host`, which are also the prompt's.
HOST_COMMANDS: Final = (
    HostCommandRow("who", "", "list the members, and from where"),
    HostCommandRow("say", "TEXT", "send a message to everybody, as the host", "say Lunch is ready"),
    HostCommandRow("kick", "NAME [REASON]", "remove a member (they may join again)", 'kick Ann "too loud"'),
    HostCommandRow(
        "ban",
        "NAME|ADDRESS [for 10m] [REASON]",
        "keep somebody out, for 10m, 2h, 3d or for good",
        "ban 192.168.1.20 for 10m",
    ),
    HostCommandRow("unban", "NAME|ADDRESS", "lift a ban", "unban Ann"),
    HostCommandRow("bans", "", "list the bans"),
    HostCommandRow("lock", "", "lock the room: no new members"),
    HostCommandRow("unlock", "", "unlock the room"),
    HostCommandRow("password", f"[{NO_PASSWORD}]", "ask for a new password, or remove it; members stay"),
    HostCommandRow("seats", "NUMBER", "change the number of seats; nobody is removed", "seats 8"),
    HostCommandRow("files", "[remove NUMBER|NAME]", "list the shared files, or remove one", "files remove 2"),
    HostCommandRow(
        "web",
        f"[{'|'.join(GUEST_WORDS)}]",
        "let guests join from the browser, by a link or QR code; off removes them",
        "web on",
    ),
    HostCommandRow(
        "link", "", "show whether the link to other servers is up, which they are, and what waits"
    ),
    HostCommandRow(
        "relink",
        f"[{CONFIRM}]",
        "make this server's copy of a linked room again, from the stream",
        f"relink {CONFIRM}",
    ),
    HostCommandRow("close", "", "close the room for everybody"),
)

#: What only the prompt has.
PROMPT_COMMANDS: Final = (
    HostCommandRow("help", "", "list the commands"),
    HostCommandRow("quit", "", "the same as close"),
)

#: Typed after `files`, it removes one.
REMOVE_FILE: Final = "remove"

#: Commands whose first word is a member's name, which Tab completes.
NAME_COMMANDS: Final = ("kick", "ban")

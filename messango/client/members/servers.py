"""At which servers of a linked room the members are: in the lists of the window and the terminal. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from messango.protocol.text.plain_names import plain_name

EntryT = TypeVar("EntryT")


def by_server(
    entries: Iterable[EntryT], server_of: Callable[[EntryT], str]
) -> list[tuple[str, list[EntryT]]]:
    """Return entries in groups of one server each, ours (an empty name) first and the others by their names.

    Within a group, entries keep their order.
    """
    groups: dict[str, list[EntryT]] = {}
    for entry in entries:
        groups.setdefault(server_of(entry), []).append(entry)
    return sorted(groups.items(), key=lambda group: (group[0] != "", group[0].casefold(), group[0]))


def place_text(server: str, own: str) -> str:
    """Return where the members of a group are, as the beginning of a line.

    `server` is empty for ours, which is called `own`, empty if it has no name.
    """
    if server:
        return f"At {plain_name(server)}"
    return f"Here, at {plain_name(own)}" if own else "Here"

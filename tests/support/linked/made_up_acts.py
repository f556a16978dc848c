"""Made-up servers, people and what they do, for tests of linked rooms."""

from __future__ import annotations

from messango.link.fold.acts import Based, Came, LinkedPerson, Opened, Posted
from messango.protocol.frames import Say, ServerCard

LINK = "1" * 32
NORTH = "a" * 32
SOUTH = "b" * 32
WEST = "c" * 32


def card(server: str) -> ServerCard:
    """Return what a server says of itself."""
    return ServerCard(f"Server {server[0]}", server, ("192.0.2.1:8000",), server[0] * 64)


def based(seq: int = 0, *people: LinkedPerson, last: bool = True, link: str = LINK) -> Based:
    """Return a part of a room's beginning."""
    return Based(link, "Hall", seq, last, people=[*people])


def opened(server: str) -> Opened:
    """Return the beginning of a server's life."""
    return Opened(card(server))


def person(member: str, name: str = "") -> LinkedPerson:
    """Return a member with a name of their own."""
    shown = name or f"Member {member}"
    return LinkedPerson(member, shown, shown.casefold(), f"proof of {member}")


def came(member: str, name: str = "", *, newcomer: bool = False) -> Came:
    """Return that a member takes a seat."""
    return Came(person(member, name), 1.0, newcomer)


def said(member: str, *ids: str) -> Posted:
    """Return messages of a member."""
    return Posted(member, 1.0, [Say(one, f"{member} says {one}") for one in ids])

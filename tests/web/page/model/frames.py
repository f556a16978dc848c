"""Frames as a page receives them."""

from __future__ import annotations

from typing import Any

ME = "m1"
ANN = "m2"


def welcome(latest: int = 0, *, oldest: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a welcome for Me, into the room Tea."""
    room = {"protocol": 1, "id": "1234", "name": "Tea", "features": ["private", "reactions"]}
    people = [{"id": ME, "name": "Me"}, {"id": ANN, "name": "Ann"}]
    frame = {"type": "welcome", "room": room, "you": "Me", "member": ME, "session": "web-1", "people": people}
    return {**frame, "latest": latest, "oldest": oldest if latest else 0, **fields}


def message(seq: int, text: str = "", **fields: Any) -> dict[str, Any]:
    """Return a message of Ann."""
    frame = {
        "type": "message",
        "seq": seq,
        "id": f"a{seq}",
        "member": ANN,
        "name": "Ann",
        "time": 1000.0 + seq,
    }
    return {**frame, "text": text or f"text {seq}", **fields}


def own(seq: int, request: str, **fields: Any) -> dict[str, Any]:
    """Return the receipt of an own message."""
    return message(seq, **{"id": request, "member": ME, "name": "Me", **fields})


def edited(seq: int, target: int, text: str) -> dict[str, Any]:
    """Return an edit by Ann."""
    return {**_change("edited", seq, target), "text": text}


def deleted(seq: int, target: int) -> dict[str, Any]:
    """Return a deletion by Ann."""
    return _change("deleted", seq, target)


def reacted(
    seq: int, target: int, emoji: str = "👍", *, on: bool = True, member: str = ANN, name: str = "Ann"
) -> dict[str, Any]:
    """Return a reaction."""
    return {**_change("reacted", seq, target), "emoji": emoji, "on": on, "member": member, "name": name}


def earlier(latest: int, *messages: dict[str, Any], more: bool = False) -> dict[str, Any]:
    """Return older messages, as they are after the entry `latest`."""
    return {"type": "earlier", "id": "q", "messages": list(messages), "more": more, "latest": latest}


def _change(kind: str, seq: int, target: int) -> dict[str, Any]:
    return {
        "type": kind,
        "seq": seq,
        "id": f"c{seq}",
        "target": target,
        "member": ANN,
        "name": "Ann",
        "time": 1.0,
    }

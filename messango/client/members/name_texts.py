"""Texts about names, in the window and the terminal: what ours became, and who is called what now."""

from __future__ import annotations

from messango.client.events import MemberRenamed, RoomJoined
from messango.protocol.text.plain_names import plain_name, quoted_name


def own_name_notice(joined: RoomJoined) -> str:
    """Return what our name became if it is not the one that we asked for; otherwise an empty text."""
    if joined.wanted in ("", joined.you):
        return ""
    return f"You are called {quoted_name(joined.you)} here: {quoted_name(joined.wanted)} was taken."


def renamed_text(event: MemberRenamed) -> str:
    """Return who has which name now; for our own name, also why it is not the one that we asked for."""
    if not event.you:
        return f"{plain_name(event.old)} is now called {plain_name(event.name)}"
    verb = "are still" if event.name == event.old else "are now"
    taken = event.wanted not in ("", event.name)
    return f"You {verb} called {plain_name(event.name)}" + (
        f": {quoted_name(event.wanted)} was taken" if taken else ""
    )

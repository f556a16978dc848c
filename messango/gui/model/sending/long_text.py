"""A text that is too long for a message, and whether it may go as a file instead. Pure."""

from __future__ import annotations

from typing import Final

from messango.client.typed.commands import parse_input
from messango.client.typed.requests import SendText
from messango.gui.model.composer.composer_mode import ComposerMode, Editing
from messango.protocol.limits import MAX_TEXT_CHARACTERS

#: The button that shows the text as a file.
OFFER: Final = "Send as a file"


def is_too_long(text: str) -> bool:
    """Return whether a text is too long for a message."""
    return len(text) > MAX_TEXT_CHARACTERS


def text_for_file(typed: str) -> str | None:
    """Return the text of a file with what was typed, or None: it is a command, perhaps a private one."""
    if not isinstance(parse_input(typed[:MAX_TEXT_CHARACTERS]), SendText):
        return None
    return typed[1:] if typed.startswith("//") else typed


def too_long_text(mode: ComposerMode, *, may_be_file: bool) -> str:
    """Return what to do with a text that is too long."""
    if may_be_file:
        return "Too long for a message: Enter shows it as a file to send."
    if isinstance(mode, Editing):
        return "Shorten it."
    if mode.to is not None:
        return "Send it in parts: a file would go to everybody."
    return "Send it in parts."

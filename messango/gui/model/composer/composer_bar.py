"""What the bar above the message field says: for whom the text is, and what happens when it is sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from messango.client.members.presence import Whereabouts
from messango.gui.model.composer.composer_mode import Answering, ComposerMode, Editing, OnlyTo, Public
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.wording import ellipsized

#: Where a private message is written.
WHO_CAN_READ: Final = "Only you two and the host can read this"

#: Of a name on the button.
_LABEL_CHARACTERS: Final = 10


@dataclass(frozen=True, slots=True)
class BarTexts:
    """The three lines of the bar: `quote` is a stranger's text or empty, `note` may say why not to send."""

    title: str
    quote: str
    note: str
    is_private: bool
    is_blocked: bool


def bar_texts(
    mode: ComposerMode, whereabouts: Whereabouts, blocked: str = "", answer_hint: str = ""
) -> BarTexts | None:
    """Return what the bar says in this mode, or None if there is no bar: the text is for everybody.

    `whereabouts` are the recipient's; `answer_hint` names whom R answers instead of editing, or is empty.
    """
    if isinstance(mode, Public):
        return None
    quote = mode.preview if isinstance(mode, Answering) else ""
    reason = blocked_text(mode, whereabouts, blocked)
    return BarTexts(
        _title(mode),
        quote,
        reason or _note(mode, whereabouts, answer_hint),
        mode.to is not None,
        bool(reason),
    )


def blocked_text(mode: ComposerMode, whereabouts: Whereabouts, blocked: str) -> str:
    """Return why the text can't be sent in this mode, or an empty text."""
    # What was sent to somebody who has left can still be edited: it stays in the room.
    if not (blocked or isinstance(mode, Editing)) and mode.to and whereabouts is Whereabouts.GONE:
        blocked = f"{plain_name(mode.to.name)} is not in the room any more."
    return f"{blocked} This can't be sent; close it with ✕ first." if blocked else ""


def placeholder(mode: ComposerMode, room: str) -> str:
    """Return what the empty field says; `room` is the room's name as it is shown."""
    if isinstance(mode, Editing):
        return "The new text"
    if mode.to is not None:
        return f"Write to {plain_name(mode.to.name)} only"
    return f"Answer {plain_name(mode.name)}" if isinstance(mode, Answering) else f"Write to {room}"


def send_label(mode: ComposerMode, *, narrow: bool) -> str:
    """Return the label of the button that sends; a private one has the recipient's name in it."""
    if isinstance(mode, Editing):
        return "Save"
    if mode.to is None:
        return "Send"
    return f"{'To' if narrow else 'Send to'} {ellipsized(plain_name(mode.to.name), _LABEL_CHARACTERS)}"


def away_text(name: str) -> str:
    """Return what one is told who wrote to a member who is not connected."""
    return f"{plain_name(name)} is away and will get it when they are back"


def _title(mode: Answering | OnlyTo | Editing) -> str:
    if isinstance(mode, Editing):
        return f"Editing your message to {plain_name(mode.to.name)}" if mode.to else "Editing your message"
    if isinstance(mode, OnlyTo):
        return f"Only to {plain_name(mode.to.name)}"
    return (
        f"Only to {plain_name(mode.to.name)}, answering" if mode.to else f"Answering {plain_name(mode.name)}"
    )


def _note(mode: Answering | OnlyTo | Editing, whereabouts: Whereabouts, answer_hint: str) -> str:
    if answer_hint:
        return f"Press R to answer {plain_name(answer_hint)} instead"
    if mode.to is None:
        return ""
    if whereabouts is Whereabouts.AWAY and not isinstance(mode, Editing):
        return f"{away_text(mode.to.name)}. {WHO_CAN_READ}"
    return WHO_CAN_READ

"""For whom and for what the message field is now: everybody, an answer, one member only, or an edit. Pure.

Each audience has a draft of its own, like conversations apart: what was written for one member never
appears in a field that sends to everybody. A text for everybody may be taken along to one member, since
that only narrows who reads it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from messango.client.events import PrivateMessageReceived
from messango.client.typed.addressing import typed_name

#: Drafts are kept for this many members.
MAX_DRAFTS: Final = 50


@dataclass(frozen=True, slots=True)
class Recipient:
    """The one member who gets a private message: their public id, and the name they had last."""

    member: str
    name: str


@dataclass(frozen=True, slots=True)
class Public:
    """A message to everybody."""

    to: Recipient | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer to the message `seq` of `name`; with `to` that one was private, and so is the answer."""

    seq: int
    name: str
    preview: str
    to: Recipient | None = None


@dataclass(frozen=True, slots=True)
class OnlyTo:
    """A message to one member only."""

    to: Recipient


@dataclass(frozen=True, slots=True)
class Editing:
    """Another text for the own message `seq`; `to` is its recipient if it is private.

    With `may_be_empty` it is the line about a file.
    """

    seq: int
    text: str
    to: Recipient | None = None
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Unsent:
    """What was half written: for everybody, and for one member."""

    text: str = ""
    private_text: str = ""
    to: Recipient | None = None


ComposerMode: TypeAlias = Public | Answering | OnlyTo | Editing

PUBLIC: Final = Public()

_REJOINED: Final = "You rejoined the room after you began this."


def partner(message: PrivateMessageReceived) -> Recipient:
    """Return the other of the two whose private message this is."""
    if message.own:
        return Recipient(message.to, message.to_name)
    return Recipient(message.member, message.name)


class ComposerState:
    """The mode and the drafts. A change takes the text in the field and returns what belongs there now."""

    def __init__(self) -> None:
        self.mode: ComposerMode = PUBLIC
        #: Why the text can't be sent in this mode, or empty: the recipient or the message is gone.
        self.blocked = ""
        #: By the recipient's id; the empty one is everybody.
        self._drafts: dict[str, str] = {}
        #: Where an edit began: the mode and the text to come back to.
        self._before_edit: tuple[ComposerMode, str, str] = (PUBLIC, "", "")
        self._taken_along = ""

    @property
    def is_private(self) -> bool:
        """Whether only one member, and the host, can read what is written now."""
        return self.mode.to is not None

    def enter(self, mode: ComposerMode, text: str) -> str:
        """Change to another mode."""
        if isinstance(mode, Editing):
            if not isinstance(self.mode, Editing):
                self._before_edit = self.mode, text, self.blocked
            self.mode, self.blocked = mode, ""
            return mode.text
        if isinstance(self.mode, Editing):
            text = self._end_edit()
        text = self._switch_audience(mode, text)
        self.mode, self.blocked = mode, ""
        return text

    def close(self, text: str) -> str:
        """Leave the mode without sending: an edit is dropped, a private text is kept for its recipient."""
        if isinstance(self.mode, Editing):
            return self._end_edit()
        return self.enter(PUBLIC, text)

    def sent(self) -> str:
        """Leave the mode after sending."""
        if isinstance(self.mode, Editing):
            return self._end_edit()
        was_private, taken_along = self.is_private, self._taken_along
        self.mode, self.blocked, self._taken_along = PUBLIC, "", ""
        waiting = self._drafts.pop("", "") if was_private else ""
        return "" if waiting == taken_along else waiting

    def renamed(self, member: str, name: str) -> bool:
        """Use the recipient's new name; returns whether it is theirs who is written to now."""
        is_now = _is_to(self.mode, member)
        if is_now:
            self.mode = replace(self.mode, to=Recipient(member, name))
        mode, text, blocked = self._before_edit
        if _is_to(mode, member):
            self._before_edit = replace(mode, to=Recipient(member, name)), text, blocked
        return is_now

    def message_deleted(self, seq: int) -> None:
        """Stop an answer to this message, or an edit of it: sending would do something else."""
        mode = self.mode
        if isinstance(mode, Answering | Editing) and mode.seq == seq:
            self.blocked = "That message was deleted."

    def session_replaced(self) -> None:
        """Stop what belongs to the session before: numbers and ids of another session mean other things."""
        if isinstance(self.mode, Answering | Editing):
            self.blocked = _REJOINED
        mode, text, _ = self._before_edit
        if isinstance(mode, Answering):
            self._before_edit = mode, text, _REJOINED

    def unsent(self, text: str) -> Unsent:
        """Return the half-written texts to keep for the next visit; an edit is none, its message is there."""
        mode = self.mode
        if isinstance(mode, Editing):
            mode, text, _ = self._before_edit
        if mode.to is None:
            return Unsent(text.strip("\n"))
        everybody = self._drafts.get("", "")
        return Unsent(everybody) if text in ("", everybody) else Unsent(everybody, text.strip("\n"), mode.to)

    def restore(self, unsent: Unsent, names: Collection[str], *, is_here: bool) -> str:
        """Begin with the texts of the last visit. A private one whose recipient is not here any more stands
        as the command that sends it to somebody of that name, if there is one: it can't go to everybody.
        `names` are those of the members.
        """
        if unsent.to is None or not unsent.private_text:
            return unsent.text
        if is_here:
            self._keep("", unsent.text)
            self.mode = OnlyTo(unsent.to)
            return unsent.private_text
        return unsent.text or f"/msg {typed_name(unsent.to.name, names)} {unsent.private_text}"

    def _end_edit(self) -> str:
        self.mode, text, self.blocked = self._before_edit
        self._before_edit = PUBLIC, "", ""
        return text

    def _switch_audience(self, mode: ComposerMode, text: str) -> str:
        """Put the text away for those whom it was for, and return the one for the others."""
        now, then = _audience(self.mode), _audience(mode)
        if now == then:
            return text
        taken_along, self._taken_along = self._taken_along, ""
        waiting = self._drafts.pop(then, "")
        along = text == taken_along if now else bool(text.strip())
        if not (now and along):  # then it is the one for everybody, which is put away already
            self._keep(now, text)
        if waiting or not along:
            return waiting
        self._taken_along = text
        return text

    def _keep(self, audience: str, text: str) -> None:
        self._drafts.pop(audience, None)
        if text.strip():
            self._drafts[audience] = text
        while len(self._drafts) > MAX_DRAFTS:
            del self._drafts[next(key for key in self._drafts if key)]


def _is_to(mode: ComposerMode, member: str) -> bool:
    return mode.to is not None and mode.to.member == member


def _audience(mode: ComposerMode) -> str:
    return mode.to.member if mode.to else ""

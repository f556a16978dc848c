"""Whom and what a command meant when it was begun: meanwhile others write, leave and take names. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from messango.client.typed.addressing import Target
from messango.client.typed.requests import DeleteMessage, EditText, React, Reply, SendPrivate
from messango.protocol.text.validation import normalized_name

AboutMessage: TypeAlias = Reply | React | EditText | DeleteMessage


@dataclass(frozen=True, slots=True)
class _Key:
    """What the typed words of a command mean by themselves."""

    kind: type[AboutMessage | SendPrivate]
    words: Target | str


class BegunCommand:
    """Remembers the message or the member that was meant when the words for it were typed."""

    def __init__(self) -> None:
        self._key: _Key | None = None
        self._seq: int | None = None
        self._member: str | None = None

    def knows(self, command: AboutMessage | SendPrivate) -> bool:
        """Return whether these words have been typed before, and were not changed since."""
        return self._key == _key_of(command)

    def about(self, command: AboutMessage, seq: int | None) -> None:
        """Note the number of the message that is meant, or None if there is none."""
        self._key, self._seq, self._member = _key_of(command), seq, None

    def to(self, command: SendPrivate, member: str | None) -> None:
        """Note the public id of the member that is meant."""
        self._key, self._seq, self._member = _key_of(command), None, member

    def seq_of(self, command: AboutMessage) -> int | None:
        """Return the number of the message that was meant, if it is known."""
        return self._seq if self.knows(command) else None

    def member_of(self, command: SendPrivate) -> str | None:
        """Return the public id of the member that was meant, if it is known."""
        return self._member if self.knows(command) else None

    def forget(self) -> None:
        """Forget the command: another one is begun."""
        self._key = self._seq = self._member = None


def _key_of(command: AboutMessage | SendPrivate) -> _Key:
    words = normalized_name(command.name) if isinstance(command, SendPrivate) else command.target
    return _Key(type(command), words)

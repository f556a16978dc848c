"""Asks the host for the room's new password, twice, at the prompt. Pure."""

from __future__ import annotations

from collections.abc import Callable

from messango.errors import BadPassword
from messango.protocol.password import Password

_ASK = "The new password, which is not shown as you type (Enter alone: leave it as it is):"
_AGAIN = "The same password again:"
_UNCHANGED = "The password stays as it is."


class PasswordEntry:
    """The question, while `is_open`. `on_entered` gets the password once it was typed twice."""

    def __init__(self, on_entered: Callable[[Password], None]) -> None:
        self.is_open = False
        self._on_entered = on_entered
        self._first: Password | None = None

    def ask(self) -> list[str]:
        """Open the question; return what the host reads."""
        self.is_open, self._first = True, None
        return [_ASK]

    def cancel(self) -> list[str]:
        """Leave the password as it is; return what the host reads."""
        self.is_open, self._first = False, None
        return [_UNCHANGED]

    def submit(self, typed: str) -> list[str]:
        """Take what was typed; return what the host reads, in which it is never repeated."""
        if not typed:
            return self.cancel()
        try:
            password = Password(typed)
        except BadPassword as error:
            return [f"{error} {error.hint}", *self.ask()]
        if self._first is None:
            self._first = password
            return [_AGAIN]
        if password.secret != self._first.secret:
            return ["That was not the same password.", *self.cancel()]
        self.is_open, self._first = False, None
        self._on_entered(password)
        return []

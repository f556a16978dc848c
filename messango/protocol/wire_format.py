"""How a server hears one peer and talks to it: in frames, or as the original client does.

Either way, frames come out of what the peer says, and encoded frames go in for what it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias

from messango.errors import PeerProblem
from messango.protocol.codec import client_frame_reader
from messango.protocol.frames import ClientFrame, Problem
from messango.protocol.legacy_decoder import ClassicReader, Kind, recognise
from messango.protocol.legacy_renderer import ClassicView

Heard: TypeAlias = Sequence[ClientFrame | Problem]

_NEITHER: Final = "This is a Messango room, and what you say is nothing that it understands."
_NEITHER_HINT: Final = "Join with `messango chat`; or begin with joined: and your name."


class Speech(Protocol):
    """What a guest's thread needs of it; `say` is for any thread, the rest for that one."""

    #: Whether the peer answers `ping`, and can come back to its seat.
    framed: bool

    @property
    def fault(self) -> PeerProblem | None:
        """What was wrong with the peer's bytes, after which nothing more comes of them."""

    @property
    def awaits_pause(self) -> bool:
        """Whether a pause now would end something."""

    def hear(self, data: bytes) -> Heard:
        """Return the frames that `data` ends."""

    def pause(self) -> Heard:
        """Return the frames that a pause ends."""

    def end(self) -> Heard:
        """Return the frames that the end of the stream ends."""

    def say(self, frames: bytes) -> Sequence[bytes]:
        """Return what these encoded frames become, each piece for one `send`."""


class FramedSpeech:
    """One JSON object a line, both ways."""

    framed = True
    awaits_pause = False

    def __init__(self) -> None:
        self._reader = client_frame_reader()
        self.hear = self._reader.receive

    @property
    def fault(self) -> PeerProblem | None:
        return self._reader.fault

    def pause(self) -> Heard:
        return ()

    def end(self) -> Heard:
        return ()

    def say(self, frames: bytes) -> Sequence[bytes]:
        return (frames,)


class ClassicSpeech:
    """Unframed text, both ways, as the original client speaks."""

    framed = False
    fault = None

    def __init__(self) -> None:
        self._reader = ClassicReader()
        self.hear = self._reader.receive
        self.pause = self._reader.pause
        self.end = self._reader.end
        self.say = ClassicView().blocks

    @property
    def awaits_pause(self) -> bool:
        return self._reader.awaits_pause


class OpenSpeech:
    """Whichever a peer without encryption speaks: its first bytes tell.

    Until then it is told things as a person can read them.
    """

    def __init__(self) -> None:
        self.framed = False
        self._first = b""
        self._fault: PeerProblem | None = None
        self._speech: Speech = ClassicSpeech()
        self._recognised = False

    @property
    def fault(self) -> PeerProblem | None:
        return self._fault or self._speech.fault

    @property
    def awaits_pause(self) -> bool:
        return self._speech.awaits_pause

    def hear(self, data: bytes) -> Heard:
        if self._fault is not None:
            return ()
        return self._speech.hear(data) if self._recognised else self._hear_first(data)

    def pause(self) -> Heard:
        return self._speech.pause()

    def end(self) -> Heard:
        return self._speech.end() if self._recognised else ()

    def say(self, frames: bytes) -> Sequence[bytes]:
        return self._speech.say(frames)

    def _hear_first(self, data: bytes) -> Heard:
        self._first += data
        kind = recognise(self._first)
        if kind is None:
            return ()
        first, self._first = self._first, b""
        if kind is Kind.OTHER:
            self._fault = PeerProblem(_NEITHER, _NEITHER_HINT)
            return ()
        if kind is Kind.FRAMED:
            self._speech, self.framed = FramedSpeech(), True
        self._recognised = True
        return self._speech.hear(first)

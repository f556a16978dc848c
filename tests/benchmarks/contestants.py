"""Who takes part: how each is started, how a client comes in, and what a message looks like to it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

#: Where in a message the load writes its number, eight digits.
NUMBER = b"########"

#: The root of the repository, which our own server is run from.
ROOT = Path(__file__).parents[2]


class Step(NamedTuple):
    """What a client says on its way in, and what it then waits for; nothing to wait for: the next at once."""

    send: bytes
    expect: bytes = b""


class Contestant:
    """A server that brings what one client says to all the others."""

    name: str
    #: The command that has to be installed; empty where it comes with us.
    program: ClassVar[str] = ""
    #: Whether a sender hears itself, and whether the load speaks TLS.
    echo: ClassVar[bool] = True
    tls: bool = False
    #: The most bytes that a message may have.
    longest: ClassVar[int] = 60_000
    #: What a client says now and then where one that is silent is held for dead.
    alive: ClassVar[bytes] = b""
    #: How many clients come in side by side where that is not what is measured.
    at_once: ClassVar[int] = 500

    def missing_reason(self) -> str:
        """Return why it can't take part, or nothing."""
        there = not self.program or shutil.which(self.program, path=_PATH)
        return "" if there else f"`{self.program}` is not installed"

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        """Return the command that serves on 127.0.0.1 and this port, its files in this folder."""
        raise NotImplementedError

    def environment(self, folder: Path) -> dict[str, str]:
        """Return the environment it runs in."""
        return {**os.environ, "HOME": str(folder)}

    def steps(self, client: int) -> list[Step]:
        """Return how this client comes in."""
        raise NotImplementedError

    def message(self, sender: int, body: bytes) -> bytes:
        """Return what a client says, so that the others hear `body`."""
        raise NotImplementedError

    @property
    def path(self) -> str:
        """The program, found also where only root looks for it."""
        return shutil.which(self.program, path=_PATH) or self.program


_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


class Messango(Contestant):
    """Our own server."""

    alive = b'{"type":"ping"}\n'
    #: It lets in so many strangers of one address at a time.
    at_once = 16

    def __init__(self, name: str = "messango", *, tls: bool = False, history: bool = False) -> None:
        self.name = name
        self.tls = tls
        self._options = [] if history else ["--no-history"]
        if not tls:
            self._options.append("--allow-plaintext")

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)
        shown = ["--name", "Benchmark", "--host", "127.0.0.1", "--port", str(port), "--no-advertise"]
        limits = ["--max-clients", str(clients), "--rate-limit", "0"]
        return [sys.executable, "-m", "messango", "server", *shown, *limits, *self._options]

    def environment(self, folder: Path) -> dict[str, str]:
        ours = {"MESSANGO_HOME": str(folder), "MESSANGO_INTERFACES": "127.0.0.1", "PYTHONPATH": str(ROOT)}
        return {**super().environment(folder), **ours}

    def steps(self, client: int) -> list[Step]:
        join = {"type": "join", "protocol": 1, "name": f"c{client:04}"}
        return [Step(json.dumps(join).encode() + b"\n", b'"type":"welcome"')]

    def message(self, sender: int, body: bytes) -> bytes:
        return b'{"type":"say","id":"%04d%s","text":"%s"}\n' % (sender, NUMBER, body)


class Threaded(Contestant):
    """The plain threaded server."""

    name = "plain threads"
    echo = False

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)
        return [sys.executable, str(Path(__file__).with_name("threaded.py")), str(port)]

    def steps(self, client: int) -> list[Step]:  # noqa: ARG002 (the interface)
        return []

    def message(self, sender: int, body: bytes) -> bytes:  # noqa: ARG002 (the interface)
        return body + b"\n"


class Forwarder(Threaded):
    """The yardstick in C: passes on bytes unread. Its reads cut messages in two, so senders' bytes mix."""

    name = "(bytes unread)"
    echo = True

    def __init__(self, program: Path) -> None:
        self._compiled = program

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)
        return [str(self._compiled), str(port)]


def ours() -> list[Contestant]:
    """Return our server as it is out of the box, and without what costs."""
    return [
        Messango(),
        Messango("messango, TLS", tls=True),
        Messango("messango, history", history=True),
        Messango("messango, both", tls=True, history=True),
    ]

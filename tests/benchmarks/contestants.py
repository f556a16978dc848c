"""The contestants: how each is started, how a client joins, and the form of a message."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

if TYPE_CHECKING:
    from tests.benchmarks.load import Case

#: The load writes the number of a message here, in eight digits.
NUMBER = b"########"


class Tree(NamedTuple):
    """A source tree of Messango, and the name that the tables give it."""

    name: str
    path: Path

    def environment(self, home: Path) -> dict[str, str]:
        """Return the environment variables with which `python -m messango` runs this tree on loopback."""
        ours = {"MESSANGO_HOME": str(home), "MESSANGO_INTERFACES": "127.0.0.1", "PYTHONPATH": str(self.path)}
        return {**os.environ, "HOME": str(home), **ours}


#: The tree of this benchmark.
OURS: Final = Tree("messango", Path(__file__).parents[2])

#: What is added to a tree's name, by TLS and history.
VARIANTS: Final = {
    (False, False): "",
    (True, True): ", TLS and history",
    (True, False): ", TLS",
    (False, True): ", history",
}


class Step(NamedTuple):
    """The bytes that a client sends while joining, and the answer that it awaits; empty means none."""

    send: bytes
    expect: bytes = b""


class Contestant:
    """A server that passes a client's messages on to all others."""

    name: str
    #: The command that must be installed; empty if the contestant comes with us.
    program: ClassVar[str] = ""
    #: Whether a sender receives its own messages, and whether the load uses TLS.
    echo: ClassVar[bool] = True
    tls: bool = False
    #: The maximum number of bytes in a message.
    longest: ClassVar[int] = 60_000
    #: What a client sends now and then if the server treats a silent one as dead.
    alive: ClassVar[bytes] = b""
    #: What a client sends before it leaves, if the server would otherwise keep its seat.
    leave: ClassVar[bytes] = b""
    #: How many clients join at the same time in cases that do not measure joining.
    at_once: ClassVar[int] = 500
    #: Whether a crowd can join at the same moment.
    storms: ClassVar[bool] = True

    @property
    def greets(self) -> bool:
        """Whether a client learns that it is in."""
        return bool(self.steps(0))

    def able(self, case: Case) -> bool:
        """Return whether it can take part in a case."""
        if case.size > self.longest or (case.storm and not self.storms):
            return False
        return self.greets or case.kind not in ("joining", "storm")

    def missing_reason(self) -> str:
        """Return why it can't take part, or an empty string."""
        there = not self.program or shutil.which(self.program, path=_PATH)
        return "" if there else f"`{self.program}` is not installed"

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        """Return the command that serves on 127.0.0.1 and this port, with its files in this folder."""
        raise NotImplementedError

    def environment(self, folder: Path) -> dict[str, str]:
        """Return its environment variables."""
        return {**os.environ, "HOME": str(folder)}

    def steps(self, client: int) -> list[Step]:
        """Return how this client joins."""
        raise NotImplementedError

    def message(self, sender: int, body: bytes) -> bytes:
        """Return what a client sends so that the others receive `body`."""
        raise NotImplementedError

    @property
    def path(self) -> str:
        """The path of the program, even if only root's PATH has it."""
        return shutil.which(self.program, path=_PATH) or self.program


_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


class Messango(Contestant):
    """Our own server, of this source tree or of another one."""

    alive = b'{"type":"ping"}\n'
    leave = b'{"type":"leave"}\n'
    #: The server admits this many unjoined connections per address at a time.
    at_once = 16

    def __init__(self, tree: Tree = OURS, *, tls: bool = False, history: bool = False) -> None:
        self.name = tree.name + VARIANTS[tls, history]
        self.tls = tls
        self._tree = tree
        self._options = [] if history else ["--no-history"]
        if not tls:
            self._options.append("--allow-plaintext")

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)
        shown = ["--name", "Benchmark", "--host", "127.0.0.1", "--port", str(port), "--no-advertise"]
        limits = ["--max-clients", str(clients), "--rate-limit", "0"]
        return [sys.executable, "-m", "messango", "server", *shown, *limits, *self._options]

    def environment(self, folder: Path) -> dict[str, str]:
        return self._tree.environment(folder)

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
    """The fastest possible server, in C: forwards bytes unread. Messages of several senders may mix."""

    name = "(bytes unread)"
    echo = True

    def __init__(self, program: Path) -> None:
        self._compiled = program

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)
        return [str(self._compiled), str(port)]


def variants(tree: Tree) -> list[Contestant]:
    """Return a tree's server without TLS and history, and with both, as people start it."""
    return [Messango(tree, tls=both, history=both) for both in (False, True)]

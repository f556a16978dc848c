"""What moves files up to a server and down again: ours, with the client that people use."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from tests.benchmarks.contestants import OURS, Messango, Tree
from tests.benchmarks.files.shapes import Moved
from tests.benchmarks.files.usage import clear_peak, cpu_s, status_mb
from tests.benchmarks.processes import RunningServer, running_in

#: Two members; and those who talk beside them.
SEATS: Final = 16


class Mover(Protocol):
    """A program that moves files."""

    name: str

    def missing_reason(self) -> str:
        """Return why it can't take part, or an empty string."""
        ...

    def move(self, paths: Sequence[Path], folder: Path) -> tuple[Moved, Moved]:
        """Move the files up and down again, with all else in this folder; return the figures of both."""
        ...


class FileRoom(Messango):
    """Our server, encrypted and with history, that takes files of this size."""

    def __init__(self, tree: Tree = OURS, *, largest: str = "2GB", paced: bool = True) -> None:
        super().__init__(tree, tls=True, history=True)
        self._largest, self._paced = largest, paced

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        command = [*super().command(port, folder, clients), "--files", self._largest]
        if self._paced:
            return command
        python, _module, _name, *arguments = command
        return [python, "-c", _UNPACED, *arguments]


_UNPACED: Final = """
from messango.cli.main import main
from messango.server.files.transfers import pace
pace.TALK_LASTS_S = -1.0
main()
"""


class MemberProcess:
    """A member of a running room, in a process of its own. A context manager."""

    def __init__(self, tree: Tree, server: RunningServer, name: str, home: Path) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.files.member", str(server.port), name]
        home.mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            command, env=tree.environment(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.server = server
        self._read()

    def __enter__(self) -> MemberProcess:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()

    def kill(self) -> None:
        """End it in the middle of what it does."""
        self._process.kill()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        if not (line := self._process.stdout.readline()):
            raise RuntimeError("a member has failed")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def start(self, **request: Any) -> None:
        """Begin a request, as `tests.benchmarks.files.member` has them."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def finish(self) -> list[Any]:
        """Wait for the request, and return what was done."""
        done: list[Any] = self._read()["done"]
        return done

    def measure(self, **request: Any) -> tuple[Moved, list[Any]]:
        """Return the figures of a request, and what was done."""
        pids = (self.server.pid, self._process.pid)
        before_mb, before_s = [*map(clear_peak, pids)], cpu_s(self.server.pid)
        self.start(**request)
        answer = self._read()
        grown_mb = [status_mb(pid, "VmHWM") - before for pid, before in zip(pids, before_mb, strict=True)]
        server_s = cpu_s(self.server.pid) - before_s
        return Moved(answer["seconds"], server_s, answer["cpu_s"], *grown_mb), answer["done"]


class Ours:
    """Messango: up until the message that announces the last file, down until it is saved."""

    def __init__(self, tree: Tree = OURS) -> None:
        self.name = tree.name
        self._tree = tree

    def missing_reason(self) -> str:
        """Return an empty string: we are here."""
        return ""

    def move(self, paths: Sequence[Path], folder: Path) -> tuple[Moved, Moved]:
        """Move the files with two members, who have been in the room for a moment."""
        with two_members(FileRoom(self._tree), self._tree, folder) as (up, down):
            (first := paths[0].with_name("first")).write_bytes(b"loads what the first file loads")
            _, files = up.measure(do="put", paths=[str(first)])
            down.measure(do="get", files=files, folder=str(folder / "down"))
            sent, files = up.measure(do="put", paths=[*map(str, paths)])
            got, saved = down.measure(do="get", files=files, folder=str(folder / "down"))
        if len(saved) != len(paths):
            raise RuntimeError("not every file came")
        return sent, got


@contextmanager
def two_members(room: FileRoom, tree: Tree, folder: Path) -> Iterator[tuple[MemberProcess, MemberProcess]]:
    """Open a room in this folder with a member who shares, and one who gets."""
    with ExitStack() as stack:
        server = stack.enter_context(running_in(folder, room, SEATS))
        up = stack.enter_context(MemberProcess(tree, server, "up", folder / "up-home"))
        down = stack.enter_context(MemberProcess(tree, server, "down", folder / "down-home"))
        (folder / "down").mkdir()
        yield up, down

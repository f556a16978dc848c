"""Our server as one of a linked room, which takes part beside the one that is not linked."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from messango.link.link_file import LinkFile, write_link_file
from tests.benchmarks.contestants import OURS, VARIANTS, Messango, Tree
from tests.benchmarks.linked.engines import EngineForm, Engines
from tests.benchmarks.processes import RunningServer, running_in

#: What the tables call them.
NAMES: Final[dict[EngineForm, str]] = {
    "quick": "linked",
    "syncing": "linked with fsync",
    "cluster": "linked by a cluster",
}


class LinkedServer(Messango):
    """One server of this linked room."""

    def __init__(self, tree: Tree, link_file: LinkFile) -> None:
        super().__init__(tree, tls=True, history=True)
        self._link_file = link_file

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        path = folder / "Benchmark.link"
        write_link_file(path, self._link_file)
        return [*super().command(port, folder, clients), "--link", str(path)]


class LinkedRoom(Messango):
    """The first server of a new linked room, at each start."""

    def __init__(self, engines: Engines, form: EngineForm) -> None:
        super().__init__(tls=True, history=True)
        self.name = NAMES[form] + VARIANTS[True, True]
        self._engines, self._form = engines, form

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        return LinkedServer(OURS, self._engines.new_link(self._form)).command(port, folder, clients)


class EngineHost(Messango):
    """A server that has an engine of its own, as most linked rooms do."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree, tls=True, history=True)

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        return [*super().command(port, folder, clients), "--link-host"]


@contextlib.contextmanager
def running_servers(
    tree: Tree, link_file: LinkFile, count: int, clients: int
) -> Iterator[list[RunningServer]]:
    """Run servers of one linked room; the first one begins it."""
    with contextlib.ExitStack() as undo:
        servers = []
        for _ in range(count):
            folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
            servers.append(undo.enter_context(running_in(folder, LinkedServer(tree, link_file), clients)))
        yield servers

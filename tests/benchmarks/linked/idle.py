"""What a linked server and its engine cost while nobody speaks."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from pathlib import Path
from typing import Final

from messango.link.engine.find_engine import PROGRAM
from tests.benchmarks.contestants import Messango, Tree
from tests.benchmarks.files.usage import status_mb
from tests.benchmarks.light import MEMBERS, five_members, idling
from tests.benchmarks.linked.contestants import EngineHost
from tests.benchmarks.processes import running

#: Until the members have joined and all has been stored.
_SETTLE_S: Final = 5.0


def linked_idle(tree: Tree, seconds: float) -> dict[str, float]:
    """Return the cost of a server with an engine of its own, of the engine, and of an unlinked server.

    All are measured in the same seconds, with five silent members each.
    """
    with contextlib.ExitStack() as stack:
        pids = {}
        for name, contestant in (
            ("not linked", Messango(tree, tls=True, history=True)),
            ("linked", EngineHost(tree)),
        ):
            server = stack.enter_context(running(contestant, MEMBERS))
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
            stack.enter_context(five_members(server.port, home))
            pids[name] = server.pid
        pids["its engine"] = _engine_of(pids["linked"])
        threading.Event().wait(_SETTLE_S)
        costs = dict(zip(pids, idling([*pids.values()], seconds), strict=True))
        memory = {name: status_mb(pid, "VmRSS") for name, pid in pids.items()}
    figures = {}
    for name, cost in costs.items():
        goal = "" if name == "not linked" else " (goal: 0.3)"
        figures[f"{name}, CPU, % of a core{goal}"] = cost.cpu_percent
        figures[f"{name}, wake-ups a second"] = cost.wakeups_per_s
        figures[f"{name}, memory, MB"] = memory[name]
    return figures


def _engine_of(pid: int) -> int:
    """Return the engine that this server has started."""
    children = [
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    (engine,) = (child for child in children if PROGRAM in Path(f"/proc/{child}/cmdline").read_text())
    return int(engine)

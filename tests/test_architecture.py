"""The arrows between the parts point one way, and each part knows only what it is about."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "messango"
MAX_LINES = 400

#: What each part may import of the others, besides FOR_EVERYBODY. Each folder of gui/ is a
#: part of its own: the window's layers point one way like everything else.
ARROWS = {
    "errors": set[str](),
    "storage": set[str](),
    "signals": set[str](),
    "help": set[str](),
    "protocol": set[str](),
    "room": {"protocol"},
    "transport": {"protocol"},
    "server": {"room", "transport", "protocol"},
    "client": {"transport", "protocol"},
    "discovery": {"transport", "protocol"},
    "doctor": {"discovery", "transport", "protocol"},
    "app": {"server", "discovery", "client", "transport", "protocol"},
    "terminal": {"client", "server", "room", "transport", "protocol"},
    "gui/settings": {"protocol"},
    "gui/model": {"gui/settings", "app", "client", "discovery", "doctor", "server", "transport", "protocol"},
    "gui/look": {"gui/settings", "gui/model"},
    "gui/widgets": {"gui/look"},
    "gui/desktop": {"gui/settings", "gui/look", "gui/model"},
    "gui/background": {
        "gui/desktop",
        "gui/model",
        "app",
        "client",
        "discovery",
        "doctor",
        "server",
        "protocol",
    },
    "gui/rooms": {
        "gui/settings",
        "gui/widgets",
        "gui/look",
        "gui/model",
        "discovery",
        "doctor",
        "transport",
        "protocol",
    },
    "gui/conversation": {"gui/widgets", "gui/look", "gui/background", "gui/model", "client", "protocol"},
    "gui/pages": {
        "gui/settings",
        "gui/widgets",
        "gui/look",
        "gui/desktop",
        "gui/background",
        "gui/model",
        "client",
        "protocol",
    },
    "gui": {
        "gui/settings",
        "gui/pages",
        "gui/rooms",
        "gui/conversation",
        "gui/widgets",
        "gui/look",
        "gui/desktop",
        "gui/background",
        "gui/model",
        "client",
        "discovery",
        "transport",
        "protocol",
    },
    "cli": {
        "app",
        "gui",
        "terminal",
        "doctor",
        "client",
        "server",
        "room",
        "discovery",
        "transport",
        "protocol",
        "signals",
        "help",
    },
    "__main__": {"cli"},
}
FOR_EVERYBODY = {"errors", "storage", "__init__"}

#: Who may know these modules at all.
OWNERS = {
    "tkinter": {"gui", "doctor"},
    "prompt_toolkit": {"terminal"},
    "zeroconf": {"discovery", "doctor"},
    "ifaddr": {"discovery"},
    "ssl": {"transport"},
    "cryptography": {"transport"},
    "spake2": {"protocol"},
    "mnemonic": {"transport"},
    "sqlite3": {"room"},
    "click": {"cli", "storage"},
}

#: Known circles of modules; no other module may join them.
KNOWN_CIRCLES = (
    {
        "messango.server.client_thread",
        "messango.server.connections",
        "messango.server.context",
        "messango.server.handshake",
    },
    {"messango.transport.connection", "messango.transport.writer"},
)

CLOCKS = {"time", "datetime"}
SOCKETS = {"socket", "select", "selectors", "socketserver", "asyncio"}
THREADS = {"threading", "queue", "concurrent", "multiprocessing"}
FORBIDDEN = {
    "protocol": CLOCKS | SOCKETS | THREADS | {"os", "pathlib", "random", "secrets"},
    "room": CLOCKS | SOCKETS | THREADS,
    "client": SOCKETS,
    "terminal": SOCKETS - {"asyncio"},
    "gui": SOCKETS,
    "gui/model": {"tkinter"} | SOCKETS | THREADS,
}


class Import(NamedTuple):
    """One import statement: where it stands, in which part, and what it names."""

    place: str
    part: str
    module: str


def python_files(*folders: str) -> list[Path]:
    """Return the files of our own, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def part_of(path: Path) -> str:
    """Return the part that a file of messango/ belongs to: the longest line of ARROWS that names it."""
    inside = path.relative_to(PACKAGE).with_suffix("").parts
    return next(part for part in ("/".join(inside[:2]), inside[0]) if part in ARROWS)


def modules(node: ast.AST) -> Iterator[str]:
    """Yield the dotted names that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute here"
        # `from messango import gui` names messango.gui; `from messango.gui import app` says so itself.
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports() -> list[Import]:
    """Return every import of messango/, those inside functions too."""
    return [
        Import(f"{path.relative_to(ROOT)}:{node.lineno}", part_of(path), module)
        for path in python_files("messango")
        if path != PACKAGE / "__init__.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in modules(node)
    ]


def aimed_at(module: str) -> str:
    """Return the part of messango/ that a dotted name leads to, or nothing for others' modules."""
    top, _, rest = module.partition(".")
    if top != "messango":
        return ""
    first, _, rest = rest.partition(".")
    folder = f"{first}/{rest.partition('.')[0]}"
    return folder if folder in ARROWS else first if first in ARROWS else "__init__"


def test_every_part_has_its_arrows() -> None:
    """A new part needs a line above, so that somebody thinks about what it may know."""
    assert {part_of(path) for path in python_files("messango") if path != PACKAGE / "__init__.py"} == set(
        ARROWS
    )


def test_the_arrows_go_one_way() -> None:
    """No part leads back to itself by way of others."""
    settled: set[str] = set()
    while settled != set(ARROWS):
        free = {part for part, targets in ARROWS.items() if part not in settled and targets <= settled}
        assert free, f"a circle among {sorted(set(ARROWS) - settled)}"
        settled |= free


def test_imports_follow_the_arrows() -> None:
    """No part knows what it is not meant to know; nobody but the command line knows the window."""
    wrong = [
        f"{place} imports {module}"
        for place, part, module in imports()
        if (target := aimed_at(module)) and target not in {part, *ARROWS.get(part, ()), *FOR_EVERYBODY}
    ]
    assert wrong == []


def module_of(name: str, known: set[str]) -> str:
    """Return the module that a dotted name leads to: the longest beginning that is a file of ours."""
    words = name.split(".")
    return next((name for end in range(len(words), 0, -1) if (name := ".".join(words[:end])) in known), "")


def module_imports() -> dict[str, set[str]]:
    """Return which modules each module of messango/ imports, also inside functions and for types only."""
    names = {
        path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in python_files("messango")
    }
    known = set(names.values())
    graph: dict[str, set[str]] = {name: set() for name in known}
    for path, name in names.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            graph[name] |= {module_of(imported, known) for imported in modules(node)} - {"", name}
    return graph


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Return each set of modules that lead to each other, larger than one (Kosaraju's algorithm)."""
    order: list[str] = []

    def visit(name: str, edges: dict[str, set[str]], seen: set[str], found: list[str]) -> None:
        if name not in seen:
            seen.add(name)
            for target in sorted(edges[name]):
                visit(target, edges, seen, found)
            found.append(name)

    seen: set[str] = set()
    for name in sorted(graph):
        visit(name, graph, seen, order)
    importers = {name: {other for other in graph if name in graph[other]} for name in graph}
    components, seen = [], set()
    for name in reversed(order):
        component: list[str] = []
        visit(name, importers, seen, component)
        components.append(set(component))
    return [component for component in components if len(component) > 1]


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Each module can be read before the ones that import it; imports for types count too."""
    found = circles(module_imports())
    assert [sorted(circle) for circle in found if not any(circle <= known for known in KNOWN_CIRCLES)] == []


def test_a_circle_would_be_found() -> None:
    """Three modules that lead to each other are one circle; a chain is none."""
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set()}
    assert circles(graph) == [{"a", "b", "c"}]


def test_foreign_modules_have_their_owners() -> None:
    """Tk is the window's, TLS the transport's, mDNS discovery's, and so on."""
    wrong = [
        f"{place} imports {module}"
        for place, part, module in imports()
        if part.partition("/")[0] not in OWNERS.get(module.partition(".")[0], {part.partition("/")[0]})
    ]
    assert wrong == []


def test_the_core_knows_no_sockets_threads_or_clocks() -> None:
    """What decides is apart from what waits: then its tests need neither network nor time."""
    wrong = [
        f"{place} imports {module}"
        for place, part, module in imports()
        for owner in {part, part.partition("/")[0]}
        if module.partition(".")[0] in FORBIDDEN.get(owner, ())
    ]
    assert wrong == []


def test_a_wrong_import_would_be_seen() -> None:
    """The tests above read import statements of every form."""
    source = """
import messango.gui.app, ssl
def later():
    from messango import gui
    from messango.gui.app import run
"""
    named = [module for node in ast.walk(ast.parse(source)) for module in modules(node)]
    assert sorted(map(aimed_at, named)) == ["", "gui", "gui", "gui"]
    assert "ssl" in named


def test_a_file_holds_one_idea() -> None:
    """No file grows past 400 lines."""
    lines = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files("messango", "tests")
    }
    assert [f"{path}: {count}" for path, count in lines.items() if count > MAX_LINES] == []


def test_threads_are_named() -> None:
    """A thread in a traceback or a debugger says whose it is."""
    calls = [
        (f"{path.relative_to(ROOT)}:{node.lineno}", {word.arg for word in node.keywords})
        for path in python_files("messango")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Thread", "threading.Thread")
    ]
    assert calls
    assert [place for place, words in calls if "name" not in words] == []


HEAVY = {
    "asyncio",
    "cryptography",
    "mnemonic",
    "prompt_toolkit",
    "spake2",
    "sqlite3",
    "ssl",
    "tkinter",
    "zeroconf",
}


@pytest.mark.parametrize(
    "command",
    [[], ["server"], ["gui"], ["discover"], ["chat"], ["doctor"], ["help"], ["trust", "accept"]],
    ids=lambda words: " ".join(words),
)
def test_help_loads_nothing_heavy(command: list[str]) -> None:
    """Help comes at once, also where Tk is missing."""
    program = (
        "import sys; from messango.cli.main import main; main(sys.argv[1:], standalone_mode=False); "
        f"print(*sorted({HEAVY} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "Usage:" in done.stdout
    assert done.stderr.split() == []

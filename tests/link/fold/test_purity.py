"""Nothing in the fold may differ from one machine, one Python or one run to the next."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import messango.link.fold

#: How a server packs what it proposes is its own affair: it comes before the order.
_OWN_AFFAIRS = {"rounds.py"}

FOLDER = Path(messango.link.fold.__path__[0])
FILES = [path for path in sorted(FOLDER.glob("*.py")) if path.name not in _OWN_AFFAIRS]

#: How the room decides about requests, for the fold. Its sets are not iterated.
ROOM = FOLDER.parents[1] / "room"
RULES = [ROOM / "entry_rules.py", ROOM / "linked" / "room_ledger.py"]

#: Clocks, chance, tables of Unicode, the machine and its language.
FORBIDDEN_MODULES = {
    "calendar",
    "datetime",
    "locale",
    "math",
    "os",
    "pathlib",
    "platform",
    "random",
    "re",
    "secrets",
    "socket",
    "stringprep",
    "sys",
    "threading",
    "time",
    "unicodedata",
    "uuid",
}

#: What a Unicode version decides, and our own functions that rely on one.
FORBIDDEN_NAMES = {
    "capitalize",
    "casefold",
    "clean_name",
    "clean_text",
    "isalnum",
    "isalpha",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "isupper",
    "lower",
    "normalize",
    "normalized_name",
    "split",
    "splitlines",
    "strip",
    "swapcase",
    "title",
    "upper",
}

#: The order of a set, `hash` and `id` are other ones in each run.
FORBIDDEN_CALLS = {"frozenset", "hash", "id", "set"}


def impurities(source: str) -> Iterator[str]:
    """Yield what could differ, with its line."""
    for node in ast.walk(ast.parse(source)):
        for name in _impure_names(node):
            yield f"line {getattr(node, 'lineno', 0)}: {name}"


def _impure_names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from FORBIDDEN_MODULES & {alias.name.split(".")[0] for alias in names}
        case ast.ImportFrom(module=str(module), names=names):
            yield from FORBIDDEN_MODULES & {module.split(".")[0]}
            yield from FORBIDDEN_NAMES & {alias.name for alias in names}
        case ast.Attribute(attr=attr) if attr in FORBIDDEN_NAMES:
            yield attr
        case ast.Call(func=ast.Name(id=called)) if called in FORBIDDEN_CALLS | FORBIDDEN_NAMES:
            yield called
        case ast.Set() | ast.SetComp():
            yield "a set"
        case ast.BinOp(left=left, right=right, op=op) if isinstance(op, ast.Div) or _has_float(left, right):
            yield "arithmetic with fractions"


def _has_float(*nodes: ast.AST) -> bool:
    return any(isinstance(node, ast.Constant) and isinstance(node.value, float) for node in nodes)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_fold_is_pure(path: Path) -> None:
    """No clock, no chance, no Unicode functions, no sets."""
    assert [*impurities(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_the_rules_for_requests_are_pure(path: Path) -> None:
    """They decide in the fold too."""
    found = impurities(path.read_text(encoding="utf-8"))
    assert [one for one in found if not one.endswith("set")] == []


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "import unicodedata as u",
        "from random import choice",
        "from messango.protocol.text.validation import normalized_name",
        "name.casefold()",
        "key = str.lower",
        "set(people)",
        "{member for member in people}",
        "{1, 2}",
        "hash(name)",
        "time_s + 0.5",
        "a / b",
    ],
)
def test_an_impurity_is_found(source: str) -> None:
    """The test above can fail."""
    assert [*impurities(source)]

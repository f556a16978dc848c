"""No modules import each other in a circle, and the folders inside a part are layers."""

from __future__ import annotations

import pytest

from tests.test_architecture import PACKAGE, ROOT, import_statements, modules, python_files

#: The folders of a part, "" for its own files; each imports none but those before it.
LAYERS = {
    "transport": ["identity", "", "networks", "dialing", "control"],
    "discovery": ["model", "", "announcing", "searching"],
}


@pytest.mark.parametrize("part", LAYERS)
def test_the_folders_of_a_part_are_layers(part: str) -> None:
    """What decides does not know what waits; no folder imports a later one."""
    layers = {name: index for index, name in enumerate(LAYERS[part])}

    def layer(dotted: str) -> int:
        return layers.get(dotted.removeprefix(f"messango.{part}").strip(".").partition(".")[0], layers[""])

    wrong = [
        f"{name} imports {target}"
        for name, targets in module_imports().items()
        if name.startswith(f"messango.{part}.")
        for target in targets
        if target.startswith(f"messango.{part}.") and layer(target) > layer(name)
    ]
    assert wrong == []
    assert {path.name for path in (PACKAGE / part).iterdir() if (path / "__init__.py").is_file()} == set(
        filter(None, LAYERS[part])
    )


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
        for node in import_statements(path):
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
    assert [sorted(circle) for circle in circles(module_imports())] == []


def test_a_circle_would_be_found() -> None:
    """Three modules that lead to each other are one circle; a chain is none."""
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set()}
    assert circles(graph) == [{"a", "b", "c"}]

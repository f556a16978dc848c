"""Markdown tables, and how ratios are shown in them."""

from __future__ import annotations

from collections.abc import Iterable


def marked(ratio: float) -> str:
    """Return a ratio; in bold if we are worse."""
    shown = f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
    return f"**{shown}**" if float(shown) < 1 else shown


def table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table under its title, with its columns in line."""
    cells = [head, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    rule = "|".join("-" * (width + 2) for width in widths)
    return "\n".join(
        [f"### {title}", "", f"| {lines[0]} |", f"|{rule}|", *(f"| {line} |" for line in lines[1:])]
    )

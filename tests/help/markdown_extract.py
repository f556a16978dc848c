"""Extracts the commands, options and links from a Markdown page."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from messango.cli.main import main

_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`]+)`")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
#: Commands of other programs have options of their own.
_OURS = re.compile(r"(?:\$ |[^`|]*\| |if |sudo [A-Z_]+=\S+ |\S*/)?(messango [^|<>;]*)")
_OTHERS = re.compile(r"(\.venv/bin/)?(python|pip|py|pipx|uv|git|sudo|systemctl|journalctl|ulimit|chmod)\b")

#: Placeholders in a page, and values to test them with.
_PLACEHOLDERS = {"TOPIC": "security"}


def _pieces(markdown: str) -> Iterator[str]:
    """Yield the lines of code blocks, and the code within sentences."""
    for block in _FENCED.findall(markdown):
        yield from block.replace("\\\n", " ").splitlines()
    yield from (" ".join(span.split()) for span in _SPAN.findall(_FENCED.sub("", markdown)))


def commands(markdown: str) -> list[list[str]]:
    """Return the arguments of each `messango` command that a page shows."""
    found = []
    for piece in _pieces(markdown):
        match = _OURS.match(" ".join(piece.split()))
        if match:
            found.append([_PLACEHOLDERS.get(word, word) for word in shlex.split(match[1])[1:]])
    return found


def options(markdown: str) -> set[str]:
    """Return the options of Messango that a page names."""
    prose = _SPAN.sub("", _FENCED.sub("", markdown))
    ours = [piece for piece in _pieces(markdown) if not _OTHERS.match(piece)]
    return {option for text in (prose, *ours) for option in _OPTION.findall(text)}


def links(markdown: str) -> list[str]:
    """Return the targets of a page's links and pictures."""
    return re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", _FENCED.sub("", markdown))


def parse(arguments: list[str]) -> None:
    """Parse a command as click would, without running it; raises `click.ClickException`."""
    command: click.Command = main
    rest = list(arguments)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        if found is None:
            raise click.UsageError(f"There is no command {rest[0]}.")
        command = found
        del rest[0]
    # `messango history` within a sentence is a name, not a complete command.
    if rest and rest != ["--help"]:
        command.make_context("messango", rest).close()


def known_options() -> set[str]:
    """Return every option of every command."""
    return {option for _, option in command_options()} | {"--help", "--version"}


def command_options() -> list[tuple[str, str]]:
    """Return each command's name with each of its options, including those of its subcommands."""
    pairs = []
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        subcommands = command.commands.values() if isinstance(command, click.Group) else ()
        pairs += [
            (name, option)
            for each in (command, *subcommands)
            for parameter in each.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
        ]
    return pairs


def unresolved(page: Path) -> list[str]:
    """Return the page's links into the repository whose files do not exist."""
    inside = (link.partition("#")[0] for link in links(page.read_text("utf-8")) if "://" not in link)
    return [link for link in inside if not (page.parent / link).exists()]

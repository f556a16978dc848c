"""`messango help`: the topics, one of them in a pager, or the JSON Schema of `chat --json`."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any

import click
from click.shell_completion import CompletionItem

from messango.help import TOPICS, nearest_topics, read_schema, read_topic, title
from messango.help.markdown import Text
from messango.help.render import render, wrap
from messango.protocol.text.escaping import excerpt


class TopicName(click.ParamType[str]):
    """The name of a help topic."""

    name = "topic"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the topic; the error for an unknown one suggests the nearest."""
        topic = str(value).casefold().removesuffix(".md")
        if topic not in TOPICS:
            self.fail(_advice(topic, ctx), param, ctx)
        return topic

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's)
        param: click.Parameter,  # noqa: ARG002 (click's)
        incomplete: str,
    ) -> list[CompletionItem[str]]:
        """Return the topics that begin with `incomplete`."""
        return [CompletionItem(topic, help=title(topic)) for topic in TOPICS if topic.startswith(incomplete)]


def _advice(typed: str, context: click.Context | None) -> str:
    """Return the error for a topic that does not exist."""
    root = context.find_root() if context is not None else None
    if (
        root is not None
        and isinstance(root.command, click.Group)
        and typed in root.command.list_commands(root)
    ):
        return (
            f"“{typed}” is a command: `messango {typed} --help` lists its options, "
            "`messango help commands` explains it."
        )
    near = " or ".join(f"“{topic}”" for topic in nearest_topics(typed))
    advice = f"Did you mean {near}?" if near else "`messango help` lists the topics."
    return f"There is no topic “{excerpt(typed)}”. {advice}"


@click.command("help", short_help="Show a help topic, such as getting-started.")
@click.argument("topic", required=False, type=TopicName())
@click.option("--schema", is_flag=True, help="With the topic json: print the JSON Schema.")
def help_command(*, topic: str | None, schema: bool) -> None:
    """List the help topics, or show one.

    Example: messango help getting-started
    """
    if schema and topic != "json":
        raise click.UsageError("--schema needs the topic json: messango help json --schema")
    if schema:
        click.echo(read_schema(), nl=False)
    elif topic is None:
        click.echo(_listing(_columns()), nl=False)
    elif sys.stdout.isatty():
        click.echo_via_pager(
            # The pager adds a newline.
            render(read_topic(topic), _columns(), color="NO_COLOR" not in os.environ).removesuffix("\n")
        )
    else:
        click.echo(render(read_topic(topic), _columns()), nl=False)


def _listing(columns: int) -> str:
    width = max(map(len, TOPICS)) + 2
    lines = ["Topics, for `messango help TOPIC`:", ""]
    for topic in TOPICS:
        first, *more = wrap(Text.of(title(topic)), max(columns - width, 10))
        lines.append(f"{topic:<{width}}{first.characters}")
        lines += [" " * width + line.characters for line in more]
    lines += ["", *(line.characters for line in wrap(Text.of(_OPTIONS_HINT), columns))]
    return "".join(f"{line}\n" for line in lines)


_OPTIONS_HINT = "A command's options: `messango server --help`, `messango chat --help`, and so on."


def _columns() -> int:
    return shutil.get_terminal_size().columns

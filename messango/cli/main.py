"""The `messango` command: its subcommands, and how an error becomes a sentence and an exit status."""

from __future__ import annotations

import importlib
from typing import Any, Final

import click

from messango import __version__
from messango.errors import MessangoError
from messango.signals import interrupted_status

CTRL_C: Final = 130

#: The commands, and their names in their modules; a module is called as its command.
_COMMANDS: Final = {
    "server": "server",
    "gui": "gui",
    "chat": "chat",
    "send": "send",
    "discover": "discover",
    "host": "host",
    "history": "history",
    "trust": "trust",
    "doctor": "doctor",
    "help": "help_command",
}

#: Each exit status and its meaning. `messango help exit-status` has the same with more words.
EXIT_STATUSES: Final = {
    0: "Done.",
    1: "Failed.",
    2: "Wrong usage.",
    3: "Nothing found: no room, no member, or no history.",
    4: "Refused: full, wrong password, banned, or a changed fingerprint.",
    5: "Unreachable: no room answers at that address.",
    6: "The port is in use.",
    129: "Stopped because the terminal went away (SIGHUP).",
    CTRL_C: "Stopped by Ctrl-C.",
    143: "Stopped by SIGTERM.",
}


class _MainGroup(click.Group):
    """The one place where an error becomes a sentence on standard error and an exit status.

    A command is loaded when it is needed: one that should be quick does not wait for the others.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's)
        """Return the names of all commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's)
        """Return the command, or None if there is none of that name."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"messango.cli.commands.{cmd_name}")
        command: click.Command = getattr(module, _COMMANDS[cmd_name])
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MessangoError as error:
            from messango.protocol.text.escaping import safe_line

            # Texts of the other side must not begin a line: it could pass for one of ours.
            separator = " " if error.from_peer else "\n"
            sentences = [safe_line(sentence) for sentence in (str(error), error.hint) if sentence]
            click.echo(f"messango: {separator.join(sentences)}", err=True)
            ctx.exit(error.exit_status)
        except KeyboardInterrupt as stop:
            status = interrupted_status(stop) or 1
            if status == CTRL_C:
                click.echo(err=True)  # Ends the line with the terminal's ^C.
            ctx.exit(status)
        except click.Abort as error:
            ctx.exit(abort_status(error))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's)
        with formatter.section("Exit status"):
            formatter.write_dl([(str(status), meaning) for status, meaning in EXIT_STATUSES.items()])


def abort_status(error: click.Abort) -> int:
    """Return the exit status for an end at a question: Ctrl-C or a signal, "no", or no more input."""
    return interrupted_status(error.__context__) or 1


@click.group(
    cls=_MainGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="messango")
def main() -> None:
    """A chat room for the people on one local network.

    One person opens a room with `messango server`; everybody else joins with `messango gui`
    or `messango chat`. No account, no internet, no address to type.

    `messango help` lists the topics of the help: getting started, security and more.
    """

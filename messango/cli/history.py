"""`messango history`: the stored conversation of a room that this computer hosts."""

from __future__ import annotations

import click

from messango.cli.param_types import RoomOrFile, Since


@click.command(short_help="Print the conversation of a room on this computer.")
@click.argument("room", metavar="ROOM|FILE", type=RoomOrFile())
@click.option("--since", type=Since(), default="0", help="Only later messages: 2026-11-22, 30m, 2h or 3d.")
@click.option(
    "--search", metavar="WORDS", help="Only messages that contain all these words, also inside longer ones."
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Text for people, Markdown, or JSON for programs.",
)
def history(*, room: str, since: tuple[int, float], search: str | None, format_name: str) -> None:
    """Print the conversation of a room that this computer hosts, even while the room is open.

    Example: messango history "Table 4" --search "lunch" --since 2d
    """
    from messango.app.export import FORMATS
    from messango.room.history.reading.public_reader import HistoryReader, find_history

    after_seq, after_time_s = since
    with HistoryReader(find_history(room)) as reader:
        if search is None:
            messages = reader.messages(after_seq=after_seq, after_time_s=after_time_s)
        else:
            messages = reader.search(search, after_seq=after_seq, after_time_s=after_time_s)
        for line in FORMATS[format_name](reader.room_name, messages):
            click.echo(line)

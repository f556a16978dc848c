"""`messango history`: the stored conversation of a room that this computer hosts."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from messango.cli.param_types import Folder, RoomOrFile, Since


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
@click.option(
    "--files",
    "folder",
    metavar="FOLDER",
    type=Folder(),
    help="Also copy the files of the printed messages into this folder.",
)
def history(
    *, room: str, since: tuple[int, float], search: str | None, format_name: str, folder: Path | None
) -> None:
    """Print the conversation of a room that this computer hosts, even while the room is open.

    Example: messango history "Table 4" --search "lunch" --since 2d
    """
    from messango.app.export import FORMATS
    from messango.app.history_files import HistoryFiles
    from messango.cli.standard_streams import write_error
    from messango.room.files.stored_files import StoredFiles, files_folder
    from messango.room.history.reading.public_reader import HistoryReader, find_history

    after_seq, after_time_s = since
    path = find_history(room)
    files = HistoryFiles(StoredFiles(files_folder(path)), folder) if folder is not None else None
    with HistoryReader(path) as reader:
        if search is None:
            messages = reader.messages(after_seq=after_seq, after_time_s=after_time_s)
        else:
            messages = reader.search(search, after_seq=after_seq, after_time_s=after_time_s)
        for line in FORMATS[format_name](reader.room_name, files.collect(messages) if files else messages):
            click.echo(line)
    if files is not None and files.missing:
        for sentence in files.missing:
            write_error(f"Not copied: {sentence}")
        sys.exit(1)

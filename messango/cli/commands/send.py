"""`messango send`: one message or some files for a room, and a true exit status."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from messango.cli.network_reason import add_network_reason, network_reasons
from messango.cli.options import name_option, password_file_option
from messango.cli.param_types import KnownRoomName, Number, SentFile

if TYPE_CHECKING:
    from messango.client.room_client import RoomClient
    from messango.discovery.model.events import FoundRoom
    from messango.protocol.password import Password
    from messango.terminal.pipe.parcels import SharedFile, TimeLimit

#: Enough to find a room and a seat on a bad network; a script should not hang for longer.
DEFAULT_TIMEOUT_S: Final = 30.0


@click.command(short_help="Send one message, or files, and leave.")
@click.argument("room", type=KnownRoomName())
@click.argument("words", metavar="[TEXT]...", nargs=-1)
@click.option(
    "--file",
    "files",
    type=SentFile(),
    multiple=True,
    help="Send this file. Can be repeated; TEXT is the line about the first one.",
)
@name_option("the one in the window, or your login name")
@click.option(
    "--timeout",
    metavar="S",
    type=Number(0.1, 86_400.0),
    help="Seconds for everything: finding the room, waiting for a free seat, sending.  "
    "[default: 30; more while files make progress]",
)
@password_file_option("none")
def send(
    *,
    room: str,
    words: tuple[str, ...],
    files: tuple[Path, ...],
    name: str | None,
    timeout: float | None,
    password: Password | None,
) -> None:
    """Send one message, or files, to a room; wait until the room has accepted them, and leave.

    Without TEXT, all of standard input is the message. What is too long for one, or not a text, goes as a
    file.
    Nothing is printed if all goes well, and the exit status says whether it did.

    Example: messango send "Table 4" "The report" --file report.pdf
    """
    from messango.terminal.pipe.parcels import TimeLimit

    limit = TimeLimit(timeout or DEFAULT_TIMEOUT_S, while_moving=timeout is None)
    with contextlib.ExitStack() as stack:
        parcels = _parcels(words, files, stack)
        if not words and not files:
            # The input may have taken its time.
            limit = TimeLimit(limit.limit_s, while_moving=timeout is None)
        client = _find(room, _user_name(name), password, limit)
        client.explain_failure = add_network_reason
        from messango.terminal.pipe.delivery import deliver

        status = deliver(client, parcels, sys.stderr, limit)
    sys.exit(status)


def _parcels(
    words: Sequence[str], files: Sequence[Path], stack: contextlib.ExitStack
) -> list[str | SharedFile]:
    """Return what is to be sent. `stack` removes what is needed for that; raises `click.UsageError`."""
    from messango.client.files.uploads.outgoing_file import OutgoingFile
    from messango.protocol.limits import MAX_TEXT_CHARACTERS
    from messango.protocol.text.validation import clean_text
    from messango.terminal.pipe.parcels import SharedFile

    shared: list[str | SharedFile] = [SharedFile(OutgoingFile(path.name, path)) for path in files]
    message = clean_text(" ".join(words)).strip("\n")
    if not message.strip():
        if words or (not files and sys.stdin.isatty()):
            raise click.UsageError("There is nothing to send: give TEXT, --file FILE, or standard input.")
        return shared or [_from_input(stack)]
    if len(message) > MAX_TEXT_CHARACTERS:
        return [_long_text(message), *shared]
    if not shared:
        return [message]
    return [SharedFile(OutgoingFile(files[0].name, files[0]), message), *shared[1:]]


def _long_text(text: str) -> SharedFile:
    import datetime

    from messango.client.files.uploads.text_file import long_text_file
    from messango.terminal.pipe.parcels import SharedFile

    return SharedFile(long_text_file(text, datetime.datetime.now().astimezone()))


def _from_input(stack: contextlib.ExitStack) -> str | SharedFile:
    import datetime
    import tempfile

    from messango.client.files.uploads.text_file import input_file
    from messango.terminal.pipe.parcels import SharedFile
    from messango.terminal.pipe.whole_input import read_whole

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="messango-")))
    read = read_whole(sys.stdin.buffer, folder / "input")
    if isinstance(read, str):
        return read
    return SharedFile(input_file(read, datetime.datetime.now().astimezone()))


def _user_name(name: str | None) -> str:
    from messango.gui.settings import remembered_name
    from messango.storage import as_text

    return as_text(name) if name else remembered_name()


def _find(room: str, user_name: str, password: Password | None, limit: TimeLimit) -> RoomClient:
    """Return the client for the room; raises `RoomNotFound` if that takes too long."""
    from messango.app.join import client_from_input
    from messango.app.within import within
    from messango.errors import RoomNotFound
    from messango.protocol.text.plain_names import quoted_name

    with network_reasons():
        try:
            return within(
                limit.left_s(),
                lambda: client_from_input(room, user_name, _choose_room, password=password, brief=True),
                meanwhile=_load_delivery,
            )
        except TimeoutError:
            raise RoomNotFound(
                f"{quoted_name(room)} was not found within {limit.text}.",
                "Check that it is open, or try again with a longer --timeout.",
            ) from None


def _load_delivery() -> None:
    """Load what the delivery needs while the network answers: that takes as long as finding a room."""
    import messango.client.room_client
    import messango.terminal.pipe.delivery  # noqa: F401


def _choose_room(rooms: Sequence[FoundRoom]) -> FoundRoom:
    """Never asked: the room is always named."""
    raise AssertionError(rooms)

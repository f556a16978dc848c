"""`messango trust`: the rooms that this person knows, and their fingerprints."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from messango.cli.options import json_option
from messango.cli.param_types import KnownRoomName
from messango.errors import MessangoError, RoomNotFound, StorageUnavailable
from messango.protocol.text.escaping import excerpt, safe_json, safe_line
from messango.transport.identity.identity_errors import WordsMismatch

if TYPE_CHECKING:
    from messango.client.trust.known_room import KnownRoom
    from messango.client.trust.known_rooms import KnownRooms
    from messango.discovery.model.events import FoundRoom

_json_option = json_option("Print one JSON array of rooms.")
_yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group(invoke_without_command=True, short_help="List the rooms that you know and their fingerprints.")
@_json_option
@click.pass_context
def trust(context: click.Context, *, as_json: bool) -> None:
    """List the rooms that you know, forget one, or accept its new fingerprint.

    A fingerprint identifies a room. Compare its four words with those that the host's server shows;
    Messango itself compares the whole fingerprint at every visit.

    Example: messango trust accept "Table 4"
    """
    if context.invoked_subcommand is None:
        context.invoke(list_rooms, as_json=as_json)


@trust.command("list", short_help="List the rooms that you have joined.")
@_json_option
def list_rooms(*, as_json: bool) -> None:
    """List the rooms that you have joined, with their words and fingerprints.

    Example: messango trust list --json
    """
    from concurrent.futures import ThreadPoolExecutor

    from messango.cli.known_room_lines import format_known_room, known_room_fields

    rooms = _load_known_rooms().all()
    if not rooms and not as_json:
        click.echo("You know no rooms yet. Messango remembers a room when you join it.", err=True)
    with ThreadPoolExecutor(thread_name_prefix="messango-words") as pool:
        if as_json:
            document = json.dumps([*pool.map(known_room_fields, rooms)], ensure_ascii=False, indent=2)
            click.echo(safe_json(document))
            return
        for block in pool.map(format_known_room, rooms):
            click.echo(block)


@trust.command()
@click.argument("room", type=KnownRoomName())
@_yes_option
def forget(*, room: str, yes: bool) -> None:
    """Forget a room: the next visit is a first visit.

    ROOM is its name or id.

    Example: messango trust forget "Table 4"
    """
    from messango.cli.known_room_lines import format_known_room

    rooms = _load_known_rooms()
    known = _find_room(rooms, room)
    click.echo(format_known_room(known), err=True)
    _confirm("Forget it?", yes=yes)
    _save(lambda: rooms.delete(known.id))
    click.echo("Forgotten. Compare the words again at your next visit.", err=True)


@trust.command(short_help="Accept a room's new fingerprint.")
@click.argument("room", type=KnownRoomName())
@click.argument("fingerprint", nargs=-1)
@_yes_option
def accept(*, room: str, fingerprint: tuple[str, ...], yes: bool) -> None:
    """Accept a room's new fingerprint after its host has read you the words.

    ROOM is its name or id. FINGERPRINT is what the host gave you: the four words, the 64 digits or an
    invite link. Without it, Messango shows the fingerprint that it refused at your last visit, and asks.

    Example: messango trust accept "Table 4" future accuse submit forest
    """
    from messango.cli.known_room_lines import format_fingerprint

    rooms = _load_known_rooms()
    known = _find_room(rooms, room, lambda one: bool(one.refused))
    accepted = (
        _fingerprint_from_input(known, " ".join(fingerprint)) if fingerprint else _refused_fingerprint(known)
    )
    if accepted == known.fingerprint:
        click.echo(f"You already know “{safe_line(known.name)}” by this fingerprint.", err=True)
        return
    click.echo(f"You know “{safe_line(known.name)}” by:\n{format_fingerprint(known.fingerprint)}", err=True)
    click.echo(f"The new fingerprint is:\n{format_fingerprint(accepted)}", err=True)
    _confirm("Did the host read you the second four words?", yes=yes)
    _save(lambda: rooms.accept(known.id, accepted))
    click.echo("Accepted. Join the room again.", err=True)


def link_of(found: FoundRoom) -> str:
    """Return the linked room of which a room that answered is a server, if more than a claim; else ""."""
    from messango.app.known_names import trusted_link

    try:
        return trusted_link(found, _load_known_rooms())
    except MessangoError:
        return ""  # As below.


def trust_warning(found: FoundRoom) -> str:
    """Return what to be careful of in a room that answered; "" if there is nothing."""
    try:
        rooms = _load_known_rooms()
        return rooms.trust_status(found.id, found.name, found.fingerprint, found.addresses).warning
    except MessangoError:
        return ""  # `messango discover` still lists rooms; `messango trust` reports a damaged file.


def _load_known_rooms() -> KnownRooms:
    from messango.client.trust.known_rooms import KnownRooms

    return KnownRooms.load()


def _find_room(
    rooms: KnownRooms, name: str, is_candidate: Callable[[KnownRoom], bool] = lambda _: False
) -> KnownRoom:
    """Return the room with this id or name; of several namesakes, the only one that `is_candidate`.

    Raises `RoomNotFound`, or a usage error that lists the ids of the namesakes.
    """
    known = rooms.by_id(name)
    matches = [known] if known else rooms.all_named(name)
    if not matches:
        raise RoomNotFound(
            f"You know no room with the name or id “{excerpt(name)}”.",
            "`messango trust` lists the rooms that you know.",
        )
    candidates = [*filter(is_candidate, matches)] or matches
    if len(candidates) > 1:
        ids = ", ".join(room.id for room in matches)
        raise click.UsageError(safe_line(f"You know several rooms called “{name}”. Use an id: {ids}."))
    return candidates[0]


def _refused_fingerprint(known: KnownRoom) -> str:
    if not known.refused:
        raise RoomNotFound(
            f"Messango has not refused any other fingerprint for “{known.name}”.",
            "Join the room, or add what its host gave you: the four words, the 64 digits or an invite link.",
        )
    return known.refused


def _fingerprint_from_input(known: KnownRoom, typed: str) -> str:
    """Return the fingerprint that digits, an invite link or four words stand for.

    Raises `BadAddress`, `WordsMismatch`, `RoomNotFound` or a usage error.
    """
    from messango.transport.addresses import INVITE_SCHEME, parse_fingerprint, parse_invite
    from messango.transport.identity.fingerprint_words import words_key, words_of

    if typed.lower().startswith(f"{INVITE_SCHEME}:"):
        fingerprint = parse_invite(typed).fingerprint
        if fingerprint is None:
            raise click.UsageError(
                "This invite link contains no fingerprint. Ask the host for the four words."
            )
        return fingerprint
    key = words_key(typed)
    if key is None:
        return parse_fingerprint(typed)
    for candidate in (known.fingerprint, known.refused):
        if candidate and words_key(words_of(candidate)) == key:
            return candidate
    raise WordsMismatch(known.name, words_of(_refused_fingerprint(known)))


def _save(change: Callable[[], None]) -> None:
    """Change the file of known rooms; raises `StorageUnavailable` or `CorruptFile`."""
    from messango.storage import home

    try:
        change()
    except OSError as error:
        raise StorageUnavailable(home(), error.strerror or str(error)) from error


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not _is_interactive():
        raise click.UsageError("There is no terminal to ask at. Add --yes to go ahead without asking.")
    click.confirm(question, abort=True, err=True)


def _is_interactive() -> bool:
    return sys.stdin.isatty()

"""`messango trust`: the rooms that this person knows, and by which fingerprints."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from messango.cli.param_types import KnownRoomName
from messango.errors import MessangoError, RoomNotFound, StorageUnavailable, WordsMismatch

if TYPE_CHECKING:
    from messango.client.known_rooms import KnownRoom, KnownRooms

_json = click.option("--json", "as_json", is_flag=True, help="One JSON array of rooms.")
_yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group(invoke_without_command=True, short_help="List the rooms that you know and their fingerprints.")
@_json
@click.pass_context
def trust(context: click.Context, *, as_json: bool) -> None:
    """List the rooms that you know, forget one, or accept its new fingerprint.

    A fingerprint tells a room from all others. Compare its four words with those that the host's server
    shows; whole fingerprints are compared by Messango itself, at every visit.

    Example: messango trust accept "Table 4"
    """
    if context.invoked_subcommand is None:
        context.invoke(list_rooms, as_json=as_json)


@trust.command("list", short_help="List the rooms that you have been in.")
@_json
def list_rooms(*, as_json: bool) -> None:
    """List the rooms that you have been in, with their words and fingerprints.

    Example: messango trust list --json
    """
    from concurrent.futures import ThreadPoolExecutor

    rooms = _load_known_rooms().all()
    if not rooms and not as_json:
        click.echo("You know no room yet. A room is known once you have been in it.", err=True)
    with ThreadPoolExecutor(thread_name_prefix="messango-words") as pool:
        if as_json:
            click.echo(json.dumps([*pool.map(_json_fields, rooms)], ensure_ascii=False, indent=2))
            return
        for block in pool.map(_format_room, rooms):
            click.echo(block)


@trust.command()
@click.argument("room", type=KnownRoomName())
@_yes
def forget(*, room: str, yes: bool) -> None:
    """Forget a room: the next visit is a first one.

    ROOM is its name or id.

    Example: messango trust forget "Table 4"
    """
    rooms = _load_known_rooms()
    known = _find_room(rooms, room)
    click.echo(_format_room(known), err=True)
    _confirm("Forget it?", yes=yes)
    _save(lambda: rooms.delete(known.id))
    click.echo("Forgotten. Compare the words again at the next visit.", err=True)


@trust.command(short_help="Accept a room's new fingerprint.")
@click.argument("room", type=KnownRoomName())
@click.argument("fingerprint", nargs=-1)
@_yes
def accept(*, room: str, fingerprint: tuple[str, ...], yes: bool) -> None:
    """Accept a room's new fingerprint, once its host has told you the words.

    ROOM is its name or id. FINGERPRINT is what the host gave you: the four words, the 64 digits or an invite
    link. Without it, what answered in the room's place at your last visit is shown, and you are asked.

    Example: messango trust accept "Table 4" future accuse submit forest
    """
    rooms = _load_known_rooms()
    known = _find_room(rooms, room, lambda one: bool(one.refused))
    accepted = (
        _fingerprint_from_input(known, " ".join(fingerprint)) if fingerprint else _refused_fingerprint(known)
    )
    if accepted == known.fingerprint:
        click.echo(_escape(f"“{known.name}” is known by this fingerprint already."), err=True)
        return
    click.echo(_escape(f"You know “{known.name}” by:\n{_format_fingerprint(known.fingerprint)}"), err=True)
    click.echo(f"You would know it by:\n{_format_fingerprint(accepted)}", err=True)
    _confirm("Has the host read you the second four words?", yes=yes)
    _save(lambda: rooms.accept(known.id, accepted))
    click.echo("Accepted. Join the room again.", err=True)


def _load_known_rooms() -> KnownRooms:
    from messango.client.known_rooms import KnownRooms

    return KnownRooms.load()


def trust_warning(room_id: str, name: str, fingerprint: str) -> str:
    """Return what is to be said of a room that shows itself so, or nothing where all is well."""
    try:
        return _load_known_rooms().trust_status(room_id, name, fingerprint).warning
    except MessangoError:
        return ""  # Our list is not what was asked for; `messango trust` says what is wrong with it.


def _find_room(
    rooms: KnownRooms, name: str, is_candidate: Callable[[KnownRoom], bool] = lambda _: False
) -> KnownRoom:
    """Return the room of this id or name; of several that one which alone is `is_candidate` to be meant.

    Raises `RoomNotFound`, or a usage error with their ids.
    """
    known = rooms.by_id(name)
    matches = [known] if known else rooms.all_named(name)
    if not matches:
        raise RoomNotFound(f"You know no room “{name}”.", "`messango trust` lists those that you know.")
    candidates = [*filter(is_candidate, matches)] or matches
    if len(candidates) > 1:
        ids = ", ".join(room.id for room in matches)
        raise click.UsageError(_escape(f"You know several rooms “{name}”. Give the id of one: {ids}."))
    return candidates[0]


def _refused_fingerprint(known: KnownRoom) -> str:
    if not known.refused:
        raise RoomNotFound(
            f"Nothing but “{known.name}” itself has answered in its place.",
            "Join it, or give what its host gave you: the four words, the 64 digits or an invite link.",
        )
    return known.refused


def _fingerprint_from_input(known: KnownRoom, typed: str) -> str:
    """Return the fingerprint that was typed, or that the words which were typed stand for."""
    from messango.transport.addresses import INVITE_SCHEME, parse_fingerprint, parse_invite
    from messango.transport.fingerprint_words import words_key, words_of

    if typed.lower().startswith(f"{INVITE_SCHEME}:"):
        fingerprint = parse_invite(typed).fingerprint
        if fingerprint is None:
            raise click.UsageError("This invite link has no fingerprint in it. Ask the host for the words.")
        return fingerprint
    key = words_key(typed)
    if key is None:
        return parse_fingerprint(typed)
    for candidate in (known.fingerprint, known.refused):
        if candidate and words_key(words_of(candidate)) == key:
            return candidate
    raise WordsMismatch(known.name, words_of(_refused_fingerprint(known)))


def _save(change: Callable[[], None]) -> None:
    """Change what is kept; raises `StorageUnavailable` where it can't be written, or `CorruptFile`."""
    from messango.storage import home

    try:
        change()
    except OSError as error:
        raise StorageUnavailable(home(), error.strerror or str(error)) from error


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not _is_interactive():
        raise click.UsageError("There is no terminal to ask at; --yes does it without asking.")
    click.confirm(question, abort=True, err=True)


def _is_interactive() -> bool:
    return sys.stdin.isatty()


def _escape(text: str) -> str:
    """Return text with names in it as a terminal may see it: strangers chose them."""
    from messango.protocol.escaping import safe_text

    return safe_text(text)


def _format_fingerprint(fingerprint: str) -> str:
    from messango.transport.fingerprint_words import group_digits, words_of

    return f"    {words_of(fingerprint)}\n    {_escape(group_digits(fingerprint))}"


def _format_room(room: KnownRoom) -> str:
    """Return a room as lines for people."""
    where = f" at {room.addresses[0]}" if room.addresses else ""
    lines = [
        f"{room.name}  (id {room.id}, last visit {_format_day(room.last_visit)}{where})",
        _format_fingerprint(room.fingerprint),
    ]
    if room.refused:
        lines += [
            "  Refused in its place, and can be accepted with `messango trust accept`:",
            _format_fingerprint(room.refused),
        ]
    return _escape("\n".join(lines))


def _format_day(time_s: float) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(time_s))
    except (ValueError, OverflowError, OSError):
        return "unknown"  # Somebody has edited the file.


def _json_fields(room: KnownRoom) -> dict[str, Any]:
    """Return a room as a program reads it; `last_visit` in seconds since 1970 UTC."""
    from messango.transport.fingerprint_words import words_of

    return {
        "id": room.id,
        "name": room.name,
        "words": words_of(room.fingerprint),
        "fingerprint": room.fingerprint,
        "addresses": [str(address) for address in room.addresses],
        "last_visit": room.last_visit,
        "refused": {"words": words_of(room.refused), "fingerprint": room.refused} if room.refused else None,
    }

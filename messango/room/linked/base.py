"""The room as it was before it was linked, as the acts with which the stream of the linked room begins."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

import msgspec

from messango.link.fold.acts import Based, LinkedPerson
from messango.link.fold.stream_entry import MAX_ENTRY_BYTES
from messango.protocol.frames import Entry
from messango.protocol.text.validation import normalized_name
from messango.room.history.history import History
from messango.room.members import MAX_SESSIONS

#: What a round needs besides the contents of its only act.
_ENVELOPE_BYTES: Final = 4_096

#: Entries that are read at a time.
_PAGE_ENTRIES: Final = 500


class BaseUnreadable(Exception):
    """Not all of the history could be read, so the linked room can't begin with it."""


def base_acts(link: str, name: str, history: History) -> Iterator[Based]:
    """Yield what a room has, in acts that each fit into a round: first people, then entries in order.

    The last act has nothing but its mark. Raises `BaseUnreadable`.
    """
    seq, contents = history.latest, chain(_people(history), _entries(history))
    for part in _parts(contents):
        people = [each for each in part if isinstance(each, LinkedPerson)]
        entries = [each for each in part if not isinstance(each, LinkedPerson)]
        yield Based(link, name, seq, last=False, entries=entries, people=people)
    yield Based(link, name, seq, last=True)


def _parts(contents: Iterator[Entry | LinkedPerson]) -> Iterator[list[Entry | LinkedPerson]]:
    """Cut what there is into parts, each as large as a round allows."""
    part, left = list[Entry | LinkedPerson](), MAX_ENTRY_BYTES - _ENVELOPE_BYTES
    for each in contents:
        size = len(msgspec.json.encode(each)) + 1
        if size > left and part:
            yield part
            part, left = [], MAX_ENTRY_BYTES - _ENVELOPE_BYTES
        part.append(each)
        left -= size
    if part:
        yield part


def _people(history: History) -> Iterator[LinkedPerson]:
    for session in history.sessions(MAX_SESSIONS):
        yield LinkedPerson(
            session.member,
            session.name,
            normalized_name(session.name),
            session.session_hash,
            encrypted=session.encrypted,
        )


def _entries(history: History) -> Iterator[Entry]:
    seq, latest = 0, history.latest
    while seq < latest:
        page = history.since(seq, _PAGE_ENTRIES)
        if not page:
            raise BaseUnreadable(f"entries after {seq} of {latest}")
        yield from page
        seq = page[-1].seq

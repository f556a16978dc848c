"""Every parser of Messango, and what must be true whatever it reads."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from zeroconf import ServiceInfo

from messango.app.export import FORMATS
from messango.cli import room_lines
from messango.client.trust.known_rooms import KnownRooms
from messango.discovery.model.events import FoundRoom, RoomAdded, RoomStatus
from messango.discovery.model.txt_record import (
    MAX_LABEL_BYTES,
    SERVICE_TYPE,
    display_name,
    from_txt,
    instance_label,
    service_name,
    unique_label,
)
from messango.errors import MessangoError
from messango.gui.look.theme import zoom_step
from messango.gui.settings import SettingsStore
from messango.protocol.codec import FrameDecoder, client_frame_decoder, encode, server_frame_decoder
from messango.protocol.frames import Challenge, Join, Message, Problem, Proof, RoomInfo, Say, Welcome
from messango.protocol.legacy.legacy_decoder import LegacyDecoder
from messango.protocol.legacy.legacy_renderer import LegacyRenderer
from messango.protocol.limits import MAX_FRAME_BYTES, MAX_NAME_CHARACTERS, MAX_TEXT_CHARACTERS
from messango.protocol.password import ClientExchange, Password, ServerExchange
from messango.protocol.text.escaping import UNSAFE, safe_line, safe_name, safe_text
from messango.protocol.text.validation import (
    clean_name,
    clean_text,
    normalized_name,
    numbered_name,
    text_error,
)
from messango.room.history.file.migrations import migrate
from messango.room.history.reading.public_reader import HistoryReader
from messango.server.ban_store import BanStore
from messango.transport.addresses import (
    Address,
    Invite,
    parse_address,
    parse_address_or_invite,
    parse_fingerprint,
    parse_invite,
)
from tests.hostile import file_parsers
from tests.hostile.http_parsers import http_parsers
from tests.hostile.parser import Parser
from tests.hostile.picture_parsers import picture_parsers
from tests.hostile.talk_parsers import talk_parsers
from tests.support.decode import decode_all

FINGERPRINT: Final = "ab" * 32
ROOM_INFO: Final = RoomInfo(1, "1f" * 16, "Büro 🥭", "1.2.3", 2, 5, False, True)


def _read_frames(reader: FrameDecoder[Any], data: bytes) -> list[Any]:
    """Feed the bytes in two slices; the decoder must return a limited number of frames, or an error."""
    middle = len(data) // 3
    frames, error = decode_all(reader.decode, data[:middle], data[middle:])
    assert error is None or (str(error) and decode_all(reader.decode, b'{"type":"ping"}\n') == ([], error))
    for frame in frames:
        if isinstance(frame, Problem):
            assert len(encode(frame)) < MAX_FRAME_BYTES
    return frames


def check_client_frames(data: bytes) -> None:
    """A client's bytes are a frame, a problem to report, or the end."""
    for frame in _read_frames(client_frame_decoder(), data):
        encode(frame)


def check_server_frames(data: bytes) -> None:
    """A server's frames can be shown, whatever they contain."""
    for frame in _read_frames(server_frame_decoder(), data):
        if isinstance(frame, Message):
            for export in FORMATS.values():
                _assert_harmless("\n".join(export(frame.name, [frame])))


def check_original(data: bytes) -> None:
    """The original client gives a name, then messages, however split, that can be shown to others."""
    whole, cut = LegacyDecoder(), LegacyDecoder()
    data, middle = b"joined:" + data, len(data) // 3
    frames = whole.decode(data) + whole.on_eof()
    assert cut.decode(data[:middle]) + cut.decode(data[middle:]) + cut.on_eof() == frames
    assert isinstance(frames[0], Join)
    for frame in frames[1:]:
        assert isinstance(frame, Say)
        assert not text_error(clean_text(frame.text))
        for block in LegacyRenderer().render(encode(Message(1, "1", "m1", 1.7e9, "Ann", frame.text))):
            _assert_harmless(block.decode())


def check_txt(data: bytes) -> None:
    """A record is parsed, and its room is one line of a list."""
    record = from_txt(ServiceInfo(SERVICE_TYPE, service_name("x"), properties=data[:8_000]).properties)
    room = FoundRoom(
        "k", record.id, display_name(record.host), record.host, (), record.members, record.seats,
        record.locked, record.fingerprint, record.version, record.protocol, RoomStatus.SILENT, None,
    )  # fmt: skip
    for shown in (room_lines.format_room(room), room_lines.json_line(RoomAdded(room))):
        assert "\n" not in shown
        _assert_harmless(shown)


def check_label(data: bytes) -> None:
    """Any name becomes a label that DNS accepts, and a label a name that can be shown."""
    name = data[:300].decode(errors="replace")
    label = instance_label(name)
    assert len(label.encode()) <= MAX_LABEL_BYTES
    other = unique_label(name, [label])
    assert len(other.encode()) <= MAX_LABEL_BYTES
    assert normalized_name(other) != normalized_name(label)
    _assert_harmless(display_name(label))


def check_target(data: bytes) -> None:
    """Typed text is an address, an invite, a name, or an error with a message; a result parses again."""
    text = data.decode(errors="surrogateescape")
    for parse in (parse_address_or_invite, parse_address, parse_invite, parse_fingerprint):
        with contextlib.suppress(MessangoError):
            read = parse(text)
            if isinstance(read, Address):
                assert 0 < read.port < 65_536
                assert parse_address(str(read)) == read
            elif isinstance(read, Invite):
                assert parse_invite(str(read)) == read


def check_words(data: bytes) -> None:
    """Names and texts are cleaned once and for all, and are shown without harm."""
    text = data[:20_000].decode(errors="surrogateescape")
    with contextlib.suppress(MessangoError):
        name = clean_name(text)
        assert clean_name(name) == name
        assert 0 < len(name) <= MAX_NAME_CHARACTERS
        assert len(numbered_name(name, 12)) <= MAX_NAME_CHARACTERS
        assert normalized_name(name) == normalized_name(normalized_name(name))
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert len(cleaned) <= MAX_TEXT_CHARACTERS or text_error(cleaned)
    for shown in (safe_line(text), safe_name(text), safe_text(text).replace("\n", "")):
        _assert_harmless(shown)


def check_password(data: bytes) -> None:
    """A password is accepted or refused with a message, and so is a peer's message about it."""
    text = data[:400].decode(errors="surrogateescape")
    with contextlib.suppress(MessangoError):
        assert Password(text).secret.decode()
    with contextlib.suppress(MessangoError):
        side = ServerExchange(Password("mango"), text, FINGERPRINT, "1f" * 16)
        assert not side.verify(Proof(text))
    with contextlib.suppress(MessangoError):
        ClientExchange(Password("mango")).prove(Challenge(text, text, "1f" * 16), FINGERPRINT)


class Files:
    """The files that Messango reads, in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        self._known_rooms = folder / "known-rooms.json"
        self._settings = folder / "settings.json"
        self._bans = folder / "bans.json"
        self._archive = folder / "room.sqlite"
        with contextlib.closing(sqlite3.connect(self._archive, isolation_level=None)) as database:
            migrate(database, 0.0)
        self._whole = self._archive.read_bytes()

    def check_known_rooms(self, data: bytes) -> None:
        """The list of known rooms is loaded, or reported as damaged."""
        self._known_rooms.write_bytes(data)
        with contextlib.suppress(MessangoError):
            known = KnownRooms(self._known_rooms)
            known.all()
            known.addresses()
            known.trust_status("1f" * 16, "Büro", FINGERPRINT)

    def check_bans(self, data: bytes) -> None:
        """The list of bans is loaded and used, or reported as damaged."""
        self._bans.write_bytes(data)
        with contextlib.suppress(MessangoError):
            bans = BanStore(self._bans).load()
            found = bans.find(["Ann"], "10.0.0.7", "", 1.7e9)
            assert found is None or str(found)
            bans.remove_expired(1.7e9)

    def check_settings(self, data: bytes) -> None:
        """The window's settings are loaded, or start from the defaults."""
        self._settings.write_bytes(data)
        settings = SettingsStore(self._settings)
        assert zoom_step(settings.current.zoom_percent, 0) > 0
        settings.close(10)

    def check_rows(self, data: bytes) -> None:
        """A history with any rows is read and exported, or reported as damaged."""
        pieces: list[Any] = [data[place::6] for place in range(6)]
        with contextlib.closing(sqlite3.connect(self._archive, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute("DELETE FROM message")
            database.execute(
                "INSERT INTO message (seq, id, member, time, name, text) VALUES (?, ?, ?, ?, ?, ?)",
                _row(data, pieces),
            )
        self._read_archive()

    def check_archive(self, data: bytes) -> None:
        """A file that is not a history, or was one, is read or reported as damaged."""
        place = int.from_bytes(data[:2], "big") % len(self._whole)
        self._archive.write_bytes(self._whole[:place] + data[2:] + self._whole[place + len(data) - 2 :])
        try:
            self._read_archive()
        finally:
            self._archive.write_bytes(self._whole)

    def _read_archive(self) -> None:
        with contextlib.suppress(MessangoError), HistoryReader(self._archive) as archive:
            for export in FORMATS.values():
                for line in export(archive.room_name, archive.messages()):
                    _assert_harmless(line)


def _row(data: bytes, pieces: list[bytes]) -> list[object]:
    """Return values of any type, because SQLite's columns accept all."""
    kinds: tuple[Callable[[bytes], object], ...] = (
        lambda piece: piece,
        lambda piece: piece.decode(errors="replace"),
        lambda piece: int.from_bytes(piece[:7], "big"),
        lambda piece: float(int.from_bytes(piece[:9], "big")) * 1e290 if piece else 0.0,
    )
    chosen = [kinds[(data[place] if place < len(data) else 1) % 4](pieces[place]) for place in range(6)]
    return [len(data), *chosen[1:]]


def _assert_harmless(shown: str) -> None:
    found = UNSAFE.search(shown.replace("\n", ""))
    assert found is None, f"{found[0]!r} reaches a screen in {shown[:200]!r}"
    shown.encode()


def _lines(*frames: Any) -> tuple[bytes, ...]:
    return tuple(encode(frame) for frame in frames)


@contextlib.contextmanager
def parsers(folder: Path) -> Iterator[list[Parser]]:
    """Yield all parsers; those for files write into `folder`."""
    client = _lines(
        Join(1, "Ann", "s" * 32, 7, "AA=="), Say("1", "hello\n🥭"), Proof("AA=="), Join(1, "Büro"),
    )  # fmt: skip
    server = _lines(
        Welcome(ROOM_INFO, "Ann", "m1", "s" * 32, ["Ann", "Ben"], 9, 1),
        Message(1, "1", "m1", 1.7e9, "Ann", "hello\n🥭"),
        Problem("bad-text", "No.", "Try again.", "1"),
    )
    txt = tuple(
        b"".join(bytes([len(pair)]) + pair for pair in pairs)
        for pairs in (
            [b"v=1", b"id=abc", b"n=3", b"max=5", b"locked=0", b"fp=" + FINGERPRINT.encode(), b"host=ann"],
            [b"v=2", b"n=-1", "host=\u202eann\n".encode(), b"fp", b"=", b"id=" + b"x" * 200],
        )
    )
    targets = (
        b"192.168.1.20:8000",
        b"[fe80::1%eth0]:8000",
        b"ann-laptop.local",
        f"messango://10.0.0.1:8000/?fingerprint={FINGERPRINT}".encode(),
        ":".join([FINGERPRINT[:2]] * 32).encode(),
        b"messango://[fe80::1%25eth0]:8000/?fingerprint=",
    )
    words = ("Ann 👩‍👩‍👧", "Table 4", "e\u0301 ﷺ", "a\u202eb\x1b[2J\u2028", "x" * 40, "שלום 12", "\u3164")
    rooms = (
        b'[{"id":"r1","name":"Tea","fingerprint":"' + FINGERPRINT.encode() + b'","addresses":'
        b'[{"host":"10.0.0.1","port":8000}],"last_visit":1.7e9}]'
    )
    settings = (
        b'{"name":"Ann","shade":"dark","percent":120,"notify":"all","size":[800,600],"place":null,'
        b'"zoomed":false,"addresses":["10.0.0.1:8000"]}'
    )
    bans = (
        b'{"bans":[{"name":"Ann","networks":["10.0.0.0/8","fe80::1"],"session":"ab","reason":"x",'
        b'"until_s":1.8e9}],"kicked":["cd"]}'
    )
    encoded = tuple(word.encode() for word in words)
    files = Files(folder)
    yield [
        Parser("client frames", 0.13, client, check_client_frames),
        Parser("file requests", 0.04, file_parsers.REQUESTS, file_parsers.check_request),
        Parser("the original client", 0.05, (b"AnnAnn: hi\nAnn: there", *encoded), check_original),
        Parser("server frames", 0.12, server, check_server_frames),
        Parser("file replies", 0.03, file_parsers.REPLIES, file_parsers.check_reply),
        Parser("uploaded bytes", 0.02, file_parsers.BODIES, file_parsers.check_body),
        Parser("names and texts", 0.13, encoded, check_words),
        Parser("labels", 0.06, encoded, check_label),
        Parser("TXT records", 0.09, txt, check_txt),
        Parser("addresses and invites", 0.0699, targets, check_target),
        *picture_parsers(encoded),
        *talk_parsers(),
        *http_parsers(),
        Parser("known rooms", 0.03, (rooms, b"[]"), files.check_known_rooms),
        Parser("bans", 0.01, (bans, b"{}"), files.check_bans),
        Parser("settings", 0.01, (settings, b"{}"), files.check_settings),
        Parser("history rows", 0.007, (*encoded, rooms), files.check_rows),
        Parser("history files", 0.003, (*encoded, rooms), files.check_archive),
        Parser("passwords", 0.0001, (ClientExchange(Password("x")).pake.encode(), *encoded), check_password),
    ]

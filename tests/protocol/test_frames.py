"""The fields of every frame, and that every frame survives encoding and decoding."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.codec import client_frame_decoder, encode, server_frame_decoder
from messango.protocol.error_codes import BAD_FRAME
from messango.protocol.frames import ClientFrame, Join, Message, Problem, RoomInfoFrame, Say, ServerFrame
from messango.protocol.limits import (
    MAX_FRAME_BYTES,
    MAX_ID_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_PROOF_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MAX_TOKEN_CHARACTERS,
)
from tests.support.decode import decode_all
from tests.support.frames import CLIENT, SERVER, client_frames, server_frames

CLIENT_FIELDS = {
    "look": {"protocol", "session"},
    "join": {"protocol", "name", "session", "since", "pake", "host", "room", "key"},
    "proof": {"confirm"},
    "say": {"id", "text", "reply_to"},
    "share": {"id", "file", "text", "reply_to"},
    "tell": {"id", "to", "text", "reply_to"},
    "react": {"id", "seq", "emoji", "on"},
    "edit": {"id", "seq", "text"},
    "delete": {"id", "seq"},
    "earlier": {"id", "before", "count"},
    "search": {"id", "words", "before"},
    "typing": {"to"},
    "rename": {"name"},
    "ping": set(),
    "pong": set(),
    "reached": {"results"},
    "leave": set(),
}

MESSAGE_FIELDS = {
    *("seq", "id", "member", "time", "name", "text"),
    *("reply", "edited", "deleted", "reactions", "file"),
}
CHANGE_FIELDS = {"seq", "id", "target", "member", "name", "time"}

SERVER_FIELDS = {
    "room": {
        *("protocol", "id", "name", "version", "members", "seats", "locked", "history", "password"),
        "features",
        "largest_file",
        "knows_session",
        "link",
    },
    "challenge": {"pake", "confirm", "room"},
    "welcome": {
        "room",
        "you",
        "member",
        "session",
        "members",
        "latest",
        "oldest",
        "unencrypted",
        "people",
        "last",
        "servers",
    },
    "refused": {"code", "reason", "hint"},
    "message": MESSAGE_FIELDS,
    "told": {*MESSAGE_FIELDS, "to", "to_name", "away"},
    "reacted": {*CHANGE_FIELDS, "emoji", "on"},
    "edited": {*CHANGE_FIELDS, "text"},
    "deleted": CHANGE_FIELDS,
    "earlier": {"id", "messages", "more", "latest"},
    "found": {"id", "messages", "more", "latest"},
    "joined": {"name", "member", "host", "web", "encrypted", "resembles", "server"},
    "left": {"name", "member", "reason", "note"},
    "renamed": {"name", "old", "member", "host", "web", "encrypted", "resembles", "server"},
    "typing": {"name", "member", "private"},
    "reach": {"addresses"},
    "problem": {"code", "reason", "hint", "id"},
    "closed": {"code", "reason", "hint"},
    "ping": set(),
    "pong": set(),
}


@pytest.mark.parametrize(("kinds", "promised"), [(ClientFrame, CLIENT_FIELDS), (ServerFrame, SERVER_FIELDS)])
def test_the_fields_of_all_frames(kinds: object, promised: dict[str, set[str]]) -> None:
    """A frame or field that is added, removed or renamed changes the protocol."""
    assert {
        kind.__struct_config__.tag: set(kind.__struct_encode_fields__) for kind in get_args(kinds)
    } == promised


def test_every_frame_has_a_strategy() -> None:
    """A new frame needs one for the tests below."""
    assert set(CLIENT) == set(get_args(ClientFrame))
    assert set(SERVER) == set(get_args(ServerFrame))


@given(client_frames)
def test_client_frames_survive_encoding(frame: ClientFrame) -> None:
    """And decoding by the server."""
    assert decode_all(client_frame_decoder().decode, encode(frame)) == ([frame], None)


@given(server_frames)
def test_server_frames_survive_encoding(frame: ServerFrame) -> None:
    """And decoding by the client."""
    assert decode_all(server_frame_decoder().decode, encode(frame)) == ([frame], None)


@given(client_frames, st.dictionaries(st.text("uvwxyz_", min_size=3), st.none() | st.integers(0, 9)))
def test_unknown_fields_are_ignored(frame: ClientFrame, extra: dict[str, int | None]) -> None:
    """A later version may add fields."""
    line = json.dumps({**extra, **json.loads(encode(frame))}).encode() + b"\n"
    assert client_frame_decoder().decode(line) == [frame]


@given(server_frames)
def test_the_order_of_fields_does_not_matter(frame: ServerFrame) -> None:
    """`type` need not be the first."""
    fields = json.loads(encode(frame))
    line = json.dumps(dict(reversed(fields.items()))).encode() + b"\n"
    assert server_frame_decoder().decode(line) == [frame]


def test_missing_fields_are_not_encoded() -> None:
    """A first `join` has no session, and a problem without a message no id."""
    assert json.loads(encode(Join(1, "Ann"))) == {"type": "join", "protocol": 1, "name": "Ann"}
    assert "id" not in json.loads(encode(Problem("code", "reason", "hint")))


@pytest.mark.parametrize(
    ("field", "most"),
    [("session", MAX_TOKEN_CHARACTERS), ("pake", MAX_PROOF_CHARACTERS)],
)
def test_the_length_of_tokens_in_join(field: str, most: int) -> None:
    """A longer one is a problem, not an error."""
    for length, taken in ((most, True), (most + 1, False)):
        decoder = client_frame_decoder()
        line = json.dumps({"type": "join", "protocol": 1, "name": "Ann", field: "x" * length}).encode()
        ((frame,), error) = decode_all(decoder.decode, line + b"\n")
        assert isinstance(frame, Join) is taken
        assert error is None


@pytest.mark.parametrize("length", [0, MAX_ID_CHARACTERS + 1])
def test_an_id_of_a_wrong_length_is_a_problem(length: int) -> None:
    """An id has 1 to 64 characters; the answer does not repeat a wrong one."""
    line = json.dumps({"type": "say", "id": "x" * length, "text": "hello"}).encode() + b"\n"
    (frame,) = client_frame_decoder().decode(line)
    assert isinstance(frame, Problem)
    assert (frame.code, frame.id) == (BAD_FRAME, None)


@pytest.mark.parametrize("field", ["id", "name"])
def test_the_length_of_a_rooms_name_and_id(field: str) -> None:
    """Clients store them and show them in lists. An id has one length."""
    room = json.loads(encode(RoomInfoFrame(1, "1f" * 16, "Tea", "1", 1, 5, locked=False, history=False)))
    for length, taken in ((32, True), (MAX_TOKEN_CHARACTERS + 1, False)):
        line = json.dumps({**room, field: "a" * length}).encode() + b"\n"
        frames, error = decode_all(server_frame_decoder().decode, line)
        assert [type(frame) for frame in frames] == ([RoomInfoFrame] if taken else [])
        assert (error is None) is taken


@pytest.mark.parametrize(
    ("fields", "password", "refuses"),
    [
        ({"locked": True, "password": True}, True, True),
        ({"locked": False, "password": True}, True, False),
        ({"locked": True, "password": False}, False, True),
        ({"locked": True}, None, False),
        ({"locked": True, "password": None}, None, False),
    ],
)
def test_a_password_is_told_from_a_lock(
    *, fields: dict[str, bool | None], password: bool | None, refuses: bool
) -> None:
    """Earlier versions send only `locked`, which may be either: then nobody is told that they can't join."""
    info = RoomInfoFrame(1, "1f" * 16, "Tea", "1", 1, 5, locked=False, history=False, password=False)
    sent = json.loads(encode(info))
    assert sent.pop("password") is False
    (room,) = server_frame_decoder().decode(json.dumps({**sent, **fields}).encode() + b"\n")
    assert isinstance(room, RoomInfoFrame)
    assert (room.password, room.refuses_newcomers) == (password, refuses)


@pytest.mark.parametrize("character", ["x", "\U0001f96d", "\\", "\n", "\x01"])
def test_the_longest_message_fits_into_a_frame(character: str) -> None:
    """In any script, with the longest name and id, in both directions."""
    text = character * MAX_TEXT_CHARACTERS
    identity = "\U0001f96d" * MAX_ID_CHARACTERS
    name = "\U0001f96d" * MAX_NAME_CHARACTERS
    assert len(encode(Say(identity, text))) <= MAX_FRAME_BYTES
    assert len(encode(Message(2**63 - 1, identity, identity, 1e9 / 3, name, text))) <= MAX_FRAME_BYTES

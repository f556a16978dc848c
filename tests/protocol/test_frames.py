"""Each frame carries what DESIGN's tables say, in both directions, whole."""

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
    "look": {"protocol"},
    "join": {"protocol", "name", "session", "since", "pake"},
    "proof": {"confirm"},
    "say": {"id", "text"},
    "typing": set(),
    "rename": {"name"},
    "ping": set(),
    "pong": set(),
    "leave": set(),
}

SERVER_FIELDS = {
    "room": {"protocol", "id", "name", "version", "members", "seats", "locked", "history"},
    "challenge": {"pake", "confirm", "room"},
    "welcome": {"room", "you", "member", "session", "members", "latest", "oldest", "unencrypted"},
    "refused": {"code", "reason", "hint"},
    "message": {"seq", "id", "member", "time", "name", "text"},
    "joined": {"name", "encrypted"},
    "left": {"name", "reason"},
    "renamed": {"name", "old"},
    "typing": {"name"},
    "problem": {"code", "reason", "hint", "id"},
    "closed": {"code", "reason", "hint"},
    "ping": set(),
    "pong": set(),
}


@pytest.mark.parametrize(("kinds", "promised"), [(ClientFrame, CLIENT_FIELDS), (ServerFrame, SERVER_FIELDS)])
def test_the_wire_has_the_promised_fields(kinds: object, promised: dict[str, set[str]]) -> None:
    """A kind or a field that comes, goes or is renamed is a change of the protocol."""
    assert {
        kind.__struct_config__.tag: set(kind.__struct_encode_fields__) for kind in get_args(kinds)
    } == promised


def test_every_frame_is_tried() -> None:
    """A new frame needs a strategy, so that the tests below try it."""
    assert set(CLIENT) == set(get_args(ClientFrame))
    assert set(SERVER) == set(get_args(ServerFrame))


@given(client_frames)
def test_what_a_client_says_arrives(frame: ClientFrame) -> None:
    """Every frame of a client survives the way to the server."""
    assert decode_all(client_frame_decoder().decode, encode(frame)) == ([frame], None)


@given(server_frames)
def test_what_a_server_says_arrives(frame: ServerFrame) -> None:
    """Every frame of a server survives the way to the client."""
    assert decode_all(server_frame_decoder().decode, encode(frame)) == ([frame], None)


@given(client_frames, st.dictionaries(st.text("uvwxyz_", min_size=3), st.none() | st.integers(0, 9)))
def test_unknown_fields_pass(frame: ClientFrame, extra: dict[str, int | None]) -> None:
    """A later version may add fields; who does not know them does not mind."""
    line = json.dumps({**extra, **json.loads(encode(frame))}).encode() + b"\n"
    assert client_frame_decoder().decode(line) == [frame]


@given(server_frames)
def test_the_order_of_fields_does_not_matter(frame: ServerFrame) -> None:
    """`type` need not come first."""
    fields = json.loads(encode(frame))
    line = json.dumps(dict(reversed(fields.items()))).encode() + b"\n"
    assert server_frame_decoder().decode(line) == [frame]


def test_what_is_not_given_is_not_sent() -> None:
    """A first visit names no session, and a problem without a message no id."""
    assert json.loads(encode(Join(1, "Ann"))) == {"type": "join", "protocol": 1, "name": "Ann"}
    assert "id" not in json.loads(encode(Problem("code", "reason", "hint")))


@pytest.mark.parametrize(
    ("field", "most"),
    [("session", MAX_TOKEN_CHARACTERS), ("pake", MAX_PROOF_CHARACTERS)],
)
def test_join_takes_tokens_up_to_their_limit(field: str, most: int) -> None:
    """A token at its limit is taken and one above is a problem, not a fault."""
    for length, taken in ((most, True), (most + 1, False)):
        decoder = client_frame_decoder()
        line = json.dumps({"type": "join", "protocol": 1, "name": "Ann", field: "x" * length}).encode()
        ((frame,), error) = decode_all(decoder.decode, line + b"\n")
        assert isinstance(frame, Join) is taken
        assert error is None


@pytest.mark.parametrize("length", [0, MAX_ID_CHARACTERS + 1])
def test_an_id_out_of_bounds_is_a_problem(length: int) -> None:
    """An id has 1 to 64 characters; another is refused, and not repeated in the answer."""
    line = json.dumps({"type": "say", "id": "x" * length, "text": "hello"}).encode() + b"\n"
    (frame,) = client_frame_decoder().decode(line)
    assert isinstance(frame, Problem)
    assert (frame.code, frame.id) == (BAD_FRAME, None)


@pytest.mark.parametrize("field", ["id", "name"])
def test_a_room_of_a_name_or_id_without_end_is_none(field: str) -> None:
    """Clients remember ids and names of rooms and show them in lists: no page of text is one."""
    room = json.loads(encode(RoomInfoFrame(1, "1f", "Tea", "1", 1, 5, locked=False, history=False)))
    for length, taken in ((MAX_ID_CHARACTERS, True), (MAX_TOKEN_CHARACTERS + 1, False)):
        line = json.dumps({**room, field: "x" * length}).encode() + b"\n"
        frames, error = decode_all(server_frame_decoder().decode, line)
        assert [type(frame) for frame in frames] == ([RoomInfoFrame] if taken else [])
        assert (error is None) is taken


@pytest.mark.parametrize("character", ["x", "\U0001f96d", "\\", "\n", "\x01"])
def test_the_longest_message_fits_in_a_frame(character: str) -> None:
    """The longest text in any script fits, with the longest name and id, both ways."""
    text = character * MAX_TEXT_CHARACTERS
    identity = "\U0001f96d" * MAX_ID_CHARACTERS
    name = "\U0001f96d" * MAX_NAME_CHARACTERS
    assert len(encode(Say(identity, text))) <= MAX_FRAME_BYTES
    assert len(encode(Message(2**63 - 1, identity, identity, 1e9 / 3, name, text))) <= MAX_FRAME_BYTES

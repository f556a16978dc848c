"""Hypothesis strategies for every frame of the protocol, as a well-behaved peer would fill it."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from messango.protocol.frames import (
    Challenge,
    ClientFrame,
    Closed,
    Frame,
    Join,
    Joined,
    Leave,
    Left,
    Look,
    Message,
    Person,
    Ping,
    Pong,
    Problem,
    Proof,
    Reach,
    Reached,
    ReachResult,
    Refused,
    Rename,
    Renamed,
    RoomInfo,
    RoomInfoFrame,
    Say,
    ServerFrame,
    Typing,
    TypingNotice,
    Welcome,
)
from messango.protocol.text.validation import clean_text

# JSON in UTF-8 can carry every character but half of a surrogate pair.
words: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
tokens: Final = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=64)
room_ids: Final = st.text("0123456789abcdef", min_size=32, max_size=32)
counts: Final = st.integers(0, 2**63 - 1)
protocols: Final = st.integers(-(2**63), 2**63 - 1)
times: Final = st.floats(allow_nan=False, allow_infinity=False)

_room_info = {
    "protocol": protocols,
    "id": room_ids,
    "name": words,
    "version": words,
    "members": counts,
    "seats": counts,
    "locked": st.booleans(),
    "history": st.booleans(),
    "password": st.none() | st.booleans(),
}

CLIENT: Final[dict[type[ClientFrame], st.SearchStrategy[ClientFrame]]] = {
    Look: st.builds(Look, protocols),
    Join: st.builds(
        Join,
        protocols,
        words,
        session=st.none() | tokens,
        since=st.none() | counts,
        pake=st.none() | words,
        host=st.none() | tokens,
    ),
    Proof: st.builds(Proof, words),
    # The protocol cleans texts while decoding.
    Say: st.builds(Say, tokens, words.map(clean_text)),
    Typing: st.builds(Typing),
    Rename: st.builds(Rename, words),
    Ping: st.builds(Ping),
    Pong: st.builds(Pong),
    Reached: st.builds(Reached, st.lists(st.builds(ReachResult, tokens, st.booleans()), max_size=4)),
    Leave: st.builds(Leave),
}

SERVER: Final[dict[type[ServerFrame], st.SearchStrategy[ServerFrame]]] = {
    RoomInfoFrame: st.builds(RoomInfoFrame, **_room_info),
    Challenge: st.builds(Challenge, words, words, room_ids),
    Welcome: st.builds(
        Welcome,
        st.builds(RoomInfo, **_room_info),
        you=words,
        member=words,
        session=tokens,
        members=st.lists(words, max_size=5),
        latest=counts,
        oldest=counts,
        unencrypted=st.lists(words, max_size=5),
        people=st.lists(st.builds(Person, words, words, resembles=words), max_size=5),
    ),
    Refused: st.builds(Refused, words, words, words),
    Message: st.builds(Message, counts, words, words, times, words, words),
    Joined: st.builds(
        Joined, words, st.booleans(), words, host=st.booleans(), web=st.booleans(), resembles=words
    ),
    Left: st.builds(Left, words, words, words, words),
    Renamed: st.builds(Renamed, words, words, words, st.booleans(), st.booleans(), st.booleans(), words),
    Reach: st.builds(Reach, st.lists(tokens, max_size=5)),
    TypingNotice: st.builds(TypingNotice, words, words),
    Problem: st.builds(Problem, words, words, words, st.none() | words),
    Closed: st.builds(Closed, words, words, words),
    Ping: st.builds(Ping),
    Pong: st.builds(Pong),
}

client_frames: Final[st.SearchStrategy[ClientFrame]] = st.one_of(*CLIENT.values())
server_frames: Final[st.SearchStrategy[ServerFrame]] = st.one_of(*SERVER.values())
frames: Final[st.SearchStrategy[Frame]] = client_frames | server_frames

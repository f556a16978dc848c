"""Hypothesis strategies for every frame of the protocol, as a well-behaved peer would fill it."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from messango.protocol.frames import (
    Challenge,
    ClientFrame,
    Closed,
    Delete,
    Deleted,
    Earlier,
    EarlierMessages,
    Edit,
    Edited,
    FileInfo,
    Found,
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
    Quote,
    Reach,
    Reached,
    ReachResult,
    React,
    Reacted,
    Reaction,
    Refused,
    Rename,
    Renamed,
    RoomInfo,
    RoomInfoFrame,
    Say,
    Search,
    ServerFrame,
    Share,
    Tell,
    Told,
    Typing,
    TypingNotice,
    Welcome,
)
from messango.protocol.limits import MAX_FILE_BYTES, MAX_PICTURE_SIDE
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
    "features": st.lists(words, max_size=5).map(tuple),
    "password": st.none() | st.booleans(),
    "largest_file": st.none() | st.integers(0, 2**53),
}

_files = st.builds(
    FileInfo,
    words,
    words,
    st.integers(0, MAX_FILE_BYTES),
    st.text("0123456789abcdef", min_size=64, max_size=64),
    width=st.none() | st.integers(1, MAX_PICTURE_SIDE),
    height=st.none() | st.integers(1, MAX_PICTURE_SIDE),
)
_replies = st.none() | st.builds(Quote, counts, words, words)
_reactions = st.lists(
    st.builds(Reaction, words, counts, st.booleans(), st.lists(words, max_size=3).map(tuple)), max_size=3
).map(tuple)
_messages = st.builds(
    Message,
    counts,
    words,
    words,
    times,
    words,
    words,
    reply=_replies,
    edited=st.booleans(),
    deleted=st.booleans(),
    reactions=_reactions,
    file=st.none() | _files,
)
_tolds = st.builds(
    Told,
    seq=counts,
    id=words,
    member=words,
    time=times,
    name=words,
    text=words,
    reply=_replies,
    reactions=_reactions,
    file=st.none() | _files,
    to=words,
    to_name=words,
    away=st.booleans(),
)
_changed = (counts, words, counts, words, words, times)
_answers = (words, st.lists(_messages | _tolds, max_size=3), st.booleans(), counts)

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
    Say: st.builds(Say, tokens, words.map(clean_text), st.none() | counts),
    Share: st.builds(Share, tokens, tokens, words.map(clean_text), st.none() | counts),
    Tell: st.builds(Tell, tokens, words, words.map(clean_text), st.none() | counts),
    React: st.builds(React, tokens, counts, words, st.booleans()),
    Edit: st.builds(Edit, tokens, counts, words.map(clean_text)),
    Delete: st.builds(Delete, tokens, counts),
    Earlier: st.builds(Earlier, tokens, counts, st.integers(1, 200)),
    Search: st.builds(Search, tokens, words, st.none() | counts),
    Typing: st.builds(Typing, words),
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
    Message: _messages,
    Told: _tolds,
    Reacted: st.builds(Reacted, *_changed, words, st.booleans()),
    Edited: st.builds(Edited, *_changed, words),
    Deleted: st.builds(Deleted, *_changed),
    EarlierMessages: st.builds(EarlierMessages, *_answers),
    Found: st.builds(Found, *_answers),
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

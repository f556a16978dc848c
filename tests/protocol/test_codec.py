"""Decoding does not depend on how the bytes are split, and invalid bytes are harmless."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messango.errors import RemoteProtocolError
from messango.protocol.codec import (
    FrameDecoder,
    client_frame_decoder,
    encode,
    encode_all,
    server_frame_decoder,
)
from messango.protocol.error_codes import BAD_FRAME, UNKNOWN_TYPE
from messango.protocol.frames import Frame, Join, Joined, Leave, Message, Ping, Problem, Say, Typing
from messango.protocol.limits import MAX_FRAME_BYTES, MAX_ID_CHARACTERS
from messango.protocol.text.validation import clean_text
from tests.support.decode import decode_all
from tests.support.frames import frames

DECODERS: list[Callable[[], FrameDecoder[Any]]] = [client_frame_decoder, server_frame_decoder]
both_decoders = pytest.mark.parametrize("new_decoder", DECODERS)

#: So long that anything after it exceeds the limit.
LONG = b'{"type":"ping","x":"' + b"x" * (MAX_FRAME_BYTES - 40)

lines = st.one_of(
    frames.map(encode),
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"\n",
            b"\r\n",
            b'{"type":"ping"}\r\n',
            b'{"type":"waltz","id":"7"}\n',
            b'{"type":"say","id":7}\n',
            b'{"id":"7"}\n',
            b'{"type":"ping"} {"type":"ping"}\n',
            b'{"type":\n"ping"}\n',
            b'[{"type":"ping"}]\n',
            LONG,
            LONG + b'"}\n',
            LONG + b"x" * 40,
        ]
    ),
)


def decode_slices(decoder: FrameDecoder[Any], slices: Iterable[bytes]) -> tuple[list[Frame], str]:
    """Return all frames of the slices, and the text of the error at the end."""
    frames_read, error = decode_all(decoder.decode, *slices)
    return frames_read, str(error)


def slice_at(data: bytes, places: Iterable[int]) -> list[bytes]:
    """Return `data` split at these places."""
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@both_decoders
@given(sent=st.lists(lines, max_size=8), places=st.lists(st.integers(0, 2**20), max_size=12))
def test_slices_do_not_change_the_frames(
    new_decoder: Callable[[], FrameDecoder[Any]], sent: list[bytes], places: list[int]
) -> None:
    """Nor the problems and errors."""
    data = b"".join(sent)
    assert decode_slices(new_decoder(), slice_at(data, places)) == decode_slices(new_decoder(), [data])


@both_decoders
@given(sent=st.lists(lines, max_size=3))
@example([b'{"type":"ping"}\n', b'{"type":"say","id":"1","text":"caf\xc3\xa9"}\n{"typ'])
def test_byte_by_byte_gives_the_same_frames(
    new_decoder: Callable[[], FrameDecoder[Any]], sent: list[bytes]
) -> None:
    """A client may send single bytes."""
    data = b"".join(part for part in sent if len(part) < 1000)
    assert decode_slices(new_decoder(), slice_at(data, range(len(data)))) == decode_slices(
        new_decoder(), [data]
    )


@both_decoders
@given(st.lists(st.binary(max_size=200), max_size=10))
@example([b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n"])
@example([b"\xef\xbb\xbf" + b'{"type":"ping"}\n'])
@example([b"GET / HTTP/1.1\r\nHost: me\r\n\r\n"])
def test_random_bytes_raise_only_protocol_errors(
    new_decoder: Callable[[], FrameDecoder[Any]], slices: list[bytes]
) -> None:
    """From either end."""
    decode_slices(new_decoder(), slices)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
kinds = [
    "look",
    "join",
    "proof",
    "say",
    "typing",
    "rename",
    "room",
    "welcome",
    "message",
    "problem",
    "closed",
]
fields = [
    "protocol",
    "name",
    "session",
    "since",
    "pake",
    "id",
    "text",
    "room",
    "members",
    "seq",
    "time",
    "code",
]


@both_decoders
@given(
    st.fixed_dictionaries({"type": st.sampled_from(kinds)}),
    st.dictionaries(st.sampled_from(fields), json_values),
)
def test_random_fields_raise_only_protocol_errors(
    new_decoder: Callable[[], FrameDecoder[Any]], kind: dict[str, str], wrong: dict[str, object]
) -> None:
    """Any JSON in the fields of a known type gives a frame, a problem, nothing, or an error."""
    decoder = new_decoder()
    frames, _ = decode_all(decoder.decode, json.dumps({**kind, **wrong}).encode() + b"\n")
    assert len(frames) <= 1


@given(st.lists(frames, max_size=5))
def test_encode_all_equals_encode(sent: list[Frame]) -> None:
    """The frames of a batch are encoded in one call."""
    assert encode_all(sent) == b"".join(map(encode, sent))


@given(frames)
def test_a_frame_is_one_line(frame: Frame) -> None:
    """A newline in a text is escaped."""
    assert encode(frame).count(b"\n") == 1
    assert encode(frame).endswith(b"\n")


def test_an_unknown_type_becomes_a_problem() -> None:
    """The type may be from a later version; the connection stays open."""
    decoder = client_frame_decoder()
    heard, error = decode_all(decoder.decode, b'{"type":"waltz","id":"7","speed":3}\n{"type":"ping"}\n')
    problem, ping = heard
    assert isinstance(problem, Problem)
    assert (problem.code, problem.id) == (UNKNOWN_TYPE, "7")
    assert "'waltz'" in problem.reason
    assert problem.hint
    assert ping == Ping()
    assert error is None


def test_a_client_skips_unknown_types() -> None:
    """They may be from a later version of the server."""
    heard = b'{"type":"weather","sky":"blue"}\n' + encode(Joined("Ann"))
    assert decode_slices(server_frame_decoder(), [heard]) == ([Joined("Ann")], "None")


def test_a_client_does_not_skip_a_known_type_with_wrong_fields() -> None:
    """Otherwise it could wait for a welcome forever, or miss a message."""
    decoder = server_frame_decoder()
    heard = encode(Joined("Ann")) + b'{"type":"joined","name":7}\n' + encode(Joined("Ben"))
    frames, error = decode_all(decoder.decode, heard)
    assert frames == [Joined("Ann")]
    assert "'joined'" in str(error)


#: Clean and unclean texts, with each kind of character that is removed.
texts = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ["hello", "a\x1b[2Jb\nc\td", "\x07", "\x7f", "\x85", "\xa0\xc2", "\u2028"]
)


@given(st.lists(texts, min_size=1, max_size=5), st.booleans())
@example(["\x85"], False)
@example(["fine", "\x7f"], False)
@example(["a\u2028b", "“fine”"], False)
@example(["fine", "a\x1b[2Jb\nc\td"], True)
def test_texts_are_cleaned(sent: list[str], escaped: bool) -> None:  # noqa: FBT001 (drawn)
    """Whether control characters are escaped or not, and whatever is around them."""
    fields = [{"type": "say", "id": "1", "text": text} for text in sent]
    lines = [json.dumps(each, ensure_ascii=escaped).encode() for each in fields]
    clean: list[Frame] = [Say("1", clean_text(text)) for text in sent]
    assert client_frame_decoder().decode(b"\n".join(lines) + b"\n") == clean
    *heard, problem = client_frame_decoder().decode(b"\n".join([*lines, b'{"type":"waltz"}\n']))
    assert heard == clean
    assert isinstance(problem, Problem)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (b'{"type":"say","id":"7"}', "7"),
        (b'{"type":"say","id":"7","text":5}', "7"),
        (b'{"type":"say","id":7,"text":"hello"}', None),
        (b'{"type":"join","protocol":"1","name":"Ann"}', None),
        (b'{"type":"join","protocol":1,"name":"Ann","since":-1}', None),
        (b'{"type":"join","protocol":1,"name":"Ann","since":9223372036854775808}', None),
        (b'{"type":"join","protocol":1e2000,"name":"Ann"}', None),
        (b'{"type":"join","protocol":1' + b"0" * 5000 + b',"name":"Ann"}', None),
    ],
)
def test_wrong_fields_become_a_problem(line: bytes, named: str | None) -> None:
    """It has the message's id if there is one."""
    decoder = client_frame_decoder()
    problem, ping = decoder.decode(line + b'\n{"type":"ping"}\n')
    assert isinstance(problem, Problem)
    assert (problem.code, problem.id) == (BAD_FRAME, named)
    assert ping == Ping()


@pytest.mark.parametrize("kind", ["x" * 30_000, "\x1b[2J\x07\u202e", "\U0001f96d" * 7_000])
def test_a_problem_is_short_and_harmless(kind: str) -> None:
    """It quotes the client's bytes shortened and without control characters."""
    line = json.dumps({"type": kind, "id": kind}, ensure_ascii=False).encode() + b"\n"
    (problem,) = client_frame_decoder().decode(line)
    assert isinstance(problem, Problem)
    assert len(problem.reason) < 250
    assert problem.reason.isprintable()
    assert problem.id is None or len(problem.id) <= MAX_ID_CHARACTERS


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"", id="empty line"),
        pytest.param(b"hello", id="no JSON"),
        pytest.param(b"null", id="no object"),
        pytest.param(b'["ping"]', id="array"),
        pytest.param(b"{}", id="no type"),
        pytest.param(b'{"type":5}', id="type is a number"),
        pytest.param(b'{"type":"ping"', id="cut short"),
        pytest.param(b'{"type":"ping"}{"type":"ping"}', id="two on a line"),
        pytest.param(b'{"type":"say","id":"1","text":"\\ud800"}', id="half a surrogate pair, escaped"),
        pytest.param(b'{"type":"say","id":"1","text":"\xed\xa0\x80"}', id="half a surrogate pair, in UTF-8"),
        pytest.param(b'{"type":"say","id":"1","text":"\xff"}', id="not UTF-8"),
        pytest.param(b'{"type":"say","id":"1","text":"\x07"}', id="a bare control character"),
        pytest.param(b'{"type":"ping","x":NaN}', id="NaN"),
        pytest.param(b'{"type":"ping","x":-Infinity}', id="infinity"),
        pytest.param(b'{"type":"ping","x":' + b"[" * 60_000 + b"]" * 5_000 + b"}", id="deep, not closed"),
    ],
)
def test_invalid_bytes_raise_an_error(line: bytes) -> None:
    """First the frames before them are returned; after the error every call raises it."""
    decoder = client_frame_decoder()
    assert decoder.decode(b'{"type":"typing"}\n' + line + b'\n{"type":"ping"}\n') == [Typing()]
    for data in (b"", b'{"type":"ping"}\n'):
        with pytest.raises(RemoteProtocolError, match=r"\w") as raised:
            decoder.decode(data)
        assert raised.value.hint


def test_a_deeply_nested_frame_is_harmless() -> None:
    """Versions of Python differ in the depth that they decode (3.14: as deep as its stack allows)."""
    decoder = client_frame_decoder()
    deep = b'{"type":"ping","x":' + b'{"x":' * 10_000 + b"1" + b"}" * 10_001
    frames, error = decode_all(decoder.decode, b'{"type":"typing"}\n' + deep + b'\n{"type":"ping"}\n')
    assert frames == ([Typing()] if error else [Typing(), Ping(), Ping()])


def frame_of_size(length: int) -> bytes:
    """Return a frame of this many bytes, including its newline."""
    start, end = b'{"type":"leave","x":"', b'"}\n'
    return start + b"x" * (length - len(start) - len(end)) + end


@pytest.mark.parametrize("slice_bytes", [1 << 20, 4096, 1])
def test_a_frame_may_have_the_largest_size(slice_bytes: int) -> None:
    """The limit includes the newline, whatever the slices."""
    longest = frame_of_size(MAX_FRAME_BYTES)
    assert decode_slices(client_frame_decoder(), slice_at(longest, range(0, len(longest), slice_bytes))) == (
        [Leave()],
        "None",
    )
    longer = frame_of_size(MAX_FRAME_BYTES + 1)
    heard, fault = decode_slices(client_frame_decoder(), slice_at(longer, range(0, len(longer), slice_bytes)))
    assert heard == []
    assert "longer than 65,536 bytes" in fault


def test_a_line_without_end_raises_an_error() -> None:
    """At the limit; nothing of it stays buffered."""
    decoder = client_frame_decoder()
    assert decode_slices(decoder, [b"x" * 1024] * (MAX_FRAME_BYTES // 1024 - 1)) == ([], "None")
    heard, fault = decode_slices(decoder, [b"x" * 1024, b'\n{"type":"ping"}\n'])
    assert heard == []
    assert "longer than 65,536 bytes" in fault


def test_directions_are_distinguished() -> None:
    """`typing` and `joined` are different frames for clients and servers."""
    assert client_frame_decoder().decode(b'{"type":"typing"}\n') == [Typing()]
    (problem,) = client_frame_decoder().decode(encode(Joined("Ann")))
    assert isinstance(problem, Problem)
    assert problem.code == UNKNOWN_TYPE
    assert server_frame_decoder().decode(encode(Joined("Ann"))) == [Joined("Ann")]


def test_many_frames_in_one_read() -> None:
    """A hundred and a half: the rest of the last one comes later."""
    sent = [Say(str(number), f"line {number}") for number in range(101)]
    data = encode_all(sent)
    decoder = client_frame_decoder()
    assert decoder.decode(data[:-9]) == sent[:100]
    assert decoder.decode(data[-9:]) == sent[100:]


def test_text_is_utf8() -> None:
    """Other scripts than Latin are not escaped."""
    text = "Grüße, 你好, שלום, \U0001f96d"
    message = Message(1, "1", "m", 0.5, "Ann", text)
    assert text.encode() in encode(message)
    assert server_frame_decoder().decode(encode(message)) == [message]


def test_escapes_are_decoded() -> None:
    """A client may escape any character."""
    line = rb'{"type":"join","protocol":1,"name":"\u0041nn \ud83e\udd6d"}'
    assert client_frame_decoder().decode(line + b"\n") == [Join(1, "Ann \U0001f96d")]

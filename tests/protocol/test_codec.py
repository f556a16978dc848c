"""Bytes become frames however they are cut, and bytes that are no frames harm nobody."""

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
from messango.protocol.validation import clean_text
from tests.support.decode import decode_all
from tests.support.frames import frames

DECODERS: list[Callable[[], FrameDecoder[Any]]] = [client_frame_decoder, server_frame_decoder]
both_decoders = pytest.mark.parametrize("new_decoder", DECODERS)

#: Long enough to bring whatever follows it over the limit.
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
    """Return all frames of the slices, and the error at the end in words."""
    frames_read, error = decode_all(decoder.decode, *slices)
    return frames_read, str(error)


def slice_at(data: bytes, places: Iterable[int]) -> list[bytes]:
    """Return `data` cut at each of the places."""
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@both_decoders
@given(said=st.lists(lines, max_size=8), places=st.lists(st.integers(0, 2**20), max_size=12))
def test_any_slicing_gives_the_same_frames(
    new_decoder: Callable[[], FrameDecoder[Any]], said: list[bytes], places: list[int]
) -> None:
    """Where the network cuts the bytes changes no frame, no problem and no fault."""
    data = b"".join(said)
    assert decode_slices(new_decoder(), slice_at(data, places)) == decode_slices(new_decoder(), [data])


@both_decoders
@given(said=st.lists(lines, max_size=3))
@example([b'{"type":"ping"}\n', b'{"type":"say","id":"1","text":"caf\xc3\xa9"}\n{"typ'])
def test_byte_by_byte_gives_the_same_frames(
    new_decoder: Callable[[], FrameDecoder[Any]], said: list[bytes]
) -> None:
    """A peer that sends single bytes is understood like any other."""
    data = b"".join(part for part in said if len(part) < 1000)
    assert decode_slices(new_decoder(), slice_at(data, range(len(data)))) == decode_slices(
        new_decoder(), [data]
    )


@both_decoders
@given(st.lists(st.binary(max_size=200), max_size=10))
@example([b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n"])
@example([b"\xef\xbb\xbf" + b'{"type":"ping"}\n'])
@example([b"GET / HTTP/1.1\r\nHost: me\r\n\r\n"])
def test_random_bytes_raise_nothing(
    new_decoder: Callable[[], FrameDecoder[Any]], slices: list[bytes]
) -> None:
    """Whatever a stranger sends, reading it raises nothing."""
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
def test_wrong_fields_raise_nothing(
    new_decoder: Callable[[], FrameDecoder[Any]], kind: dict[str, str], wrong: dict[str, object]
) -> None:
    """A frame of a known kind with any JSON in its fields is a frame, a problem, left out or a fault."""
    decoder = new_decoder()
    frames, _ = decode_all(decoder.decode, json.dumps({**kind, **wrong}).encode() + b"\n")
    assert len(frames) <= 1


@given(st.lists(frames, max_size=5))
def test_frames_encoded_together_are_the_same_bytes(said: list[Frame]) -> None:
    """A round's frames in one piece are the frames one by one."""
    assert encode_all(said) == b"".join(map(encode, said))


@given(frames)
def test_a_frame_is_one_line(frame: Frame) -> None:
    """No newline in a text breaks the framing."""
    assert encode(frame).count(b"\n") == 1
    assert encode(frame).endswith(b"\n")


def test_an_unknown_type_becomes_a_problem() -> None:
    """A kind from a later version is answered and the connection goes on."""
    decoder = client_frame_decoder()
    heard, error = decode_all(decoder.decode, b'{"type":"waltz","id":"7","speed":3}\n{"type":"ping"}\n')
    problem, ping = heard
    assert isinstance(problem, Problem)
    assert (problem.code, problem.id) == (UNKNOWN_TYPE, "7")
    assert "'waltz'" in problem.reason
    assert problem.hint
    assert ping == Ping()
    assert error is None


def test_what_a_later_server_says_is_left_out() -> None:
    """A client does not answer a kind of frame that it does not know, and goes on listening."""
    heard = b'{"type":"weather","sky":"blue"}\n' + encode(Joined("Ann"))
    assert decode_slices(server_frame_decoder(), [heard]) == ([Joined("Ann")], "None")


def test_a_known_frame_of_the_wrong_shape_is_not_passed_over() -> None:
    """A client that skipped it would wait for a welcome for ever, or miss a message: it says so."""
    decoder = server_frame_decoder()
    heard = encode(Joined("Ann")) + b'{"type":"joined","name":7}\n' + encode(Joined("Ben"))
    frames, error = decode_all(decoder.decode, heard)
    assert frames == [Joined("Ann")]
    assert "'joined'" in str(error)


#: Clean and unclean ones, and each kind of character that is taken out.
texts = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ["hello", "a\x1b[2Jb\nc\td", "\x07", "\x7f", "\x85", "\xa0\xc2", "\u2028"]
)


@given(st.lists(texts, min_size=1, max_size=5), st.booleans())
@example(["\x85"], False)
@example(["fine", "\x7f"], False)
@example(["fine", "a\x1b[2Jb\nc\td"], True)
def test_what_a_client_says_comes_clean(said: list[str], escaped: bool) -> None:  # noqa: FBT001 (drawn)
    """However its control characters are written, and whatever stands beside it."""
    fields = [{"type": "say", "id": "1", "text": text} for text in said]
    lines = [json.dumps(each, ensure_ascii=escaped).encode() for each in fields]
    clean: list[Frame] = [Say("1", clean_text(text)) for text in said]
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
    """A known kind with a wrong or missing field is answered, naming its message where it has an id."""
    decoder = client_frame_decoder()
    problem, ping = decoder.decode(line + b'\n{"type":"ping"}\n')
    assert isinstance(problem, Problem)
    assert (problem.code, problem.id) == (BAD_FRAME, named)
    assert ping == Ping()


@pytest.mark.parametrize("kind", ["x" * 30_000, "\x1b[2J\x07\u202e", "\U0001f96d" * 7_000])
def test_a_problem_is_short_and_harmless(kind: str) -> None:
    """What a stranger wrote comes back cut and without control characters."""
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
def test_what_is_no_frame_is_a_fault(line: bytes) -> None:
    """What came before bytes that are not a frame is returned first; then every call raises."""
    decoder = client_frame_decoder()
    assert decoder.decode(b'{"type":"typing"}\n' + line + b'\n{"type":"ping"}\n') == [Typing()]
    for data in (b"", b'{"type":"ping"}\n'):
        with pytest.raises(RemoteProtocolError, match=r"\w") as raised:
            decoder.decode(data)
        assert raised.value.hint


def test_a_deep_frame_is_heard_or_a_fault() -> None:
    """Pythons differ in how deep they go (3.14 as deep as its stack allows); none falls over."""
    decoder = client_frame_decoder()
    deep = b'{"type":"ping","x":' + b'{"x":' * 10_000 + b"1" + b"}" * 10_001
    frames, error = decode_all(decoder.decode, b'{"type":"typing"}\n' + deep + b'\n{"type":"ping"}\n')
    assert frames == ([Typing()] if error else [Typing(), Ping(), Ping()])


def frame_of_size(length: int) -> bytes:
    """Return a frame of so many bytes, its newline included."""
    start, end = b'{"type":"leave","x":"', b'"}\n'
    return start + b"x" * (length - len(start) - len(end)) + end


@pytest.mark.parametrize("slice_bytes", [1 << 20, 4096, 1])
def test_a_frame_may_have_all_its_bytes(slice_bytes: int) -> None:
    """The limit counts the newline, whatever the slices."""
    longest = frame_of_size(MAX_FRAME_BYTES)
    assert decode_slices(client_frame_decoder(), slice_at(longest, range(0, len(longest), slice_bytes))) == (
        [Leave()],
        "None",
    )
    longer = frame_of_size(MAX_FRAME_BYTES + 1)
    heard, fault = decode_slices(client_frame_decoder(), slice_at(longer, range(0, len(longer), slice_bytes)))
    assert heard == []
    assert "longer than 65,536 bytes" in fault


def test_an_endless_line_is_cut_off() -> None:
    """A peer that never ends its line is given up at the limit, and nothing of it is kept."""
    decoder = client_frame_decoder()
    assert decode_slices(decoder, [b"x" * 1024] * (MAX_FRAME_BYTES // 1024 - 1)) == ([], "None")
    heard, fault = decode_slices(decoder, [b"x" * 1024, b'\n{"type":"ping"}\n'])
    assert heard == []
    assert "longer than 65,536 bytes" in fault


def test_directions_are_told_apart() -> None:
    """`typing` and `joined` mean what the decoder's peer may say."""
    assert client_frame_decoder().decode(b'{"type":"typing"}\n') == [Typing()]
    (problem,) = client_frame_decoder().decode(encode(Joined("Ann")))
    assert isinstance(problem, Problem)
    assert problem.code == UNKNOWN_TYPE
    assert server_frame_decoder().decode(encode(Joined("Ann"))) == [Joined("Ann")]


def test_many_frames_in_one_read() -> None:
    """A read that brings a hundred frames and a half gives the hundred, and the rest later."""
    said = [Say(str(number), f"line {number}") for number in range(101)]
    data = encode_all(said)
    decoder = client_frame_decoder()
    assert decoder.decode(data[:-9]) == said[:100]
    assert decoder.decode(data[-9:]) == said[100:]


def test_words_of_every_script_arrive() -> None:
    """Text is UTF-8 on the wire, not escapes."""
    text = "Grüße, 你好, שלום, \U0001f96d"
    message = Message(1, "1", "m", 0.5, "Ann", text)
    assert text.encode() in encode(message)
    assert server_frame_decoder().decode(encode(message)) == [message]


def test_escapes_are_understood() -> None:
    """A client in another language may escape what it likes."""
    line = rb'{"type":"join","protocol":1,"name":"\u0041nn \ud83e\udd6d"}'
    assert client_frame_decoder().decode(line + b"\n") == [Join(1, "Ann \U0001f96d")]

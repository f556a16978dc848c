"""Decoding the original client's text does not depend on how TCP splits it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.frames import ClientFrame, Join, Problem, Say
from messango.protocol.legacy.legacy_decoder import LegacyDecoder
from messango.protocol.limits import MAX_TEXT_CHARACTERS

NAMES = ("Ann", "a", "joined:", "Zoë", "a: a")


def decode_with_pauses(*pieces: bytes) -> list[str]:
    """Return the name and the texts if a pause follows each piece."""
    decoder = LegacyDecoder()
    return names_and_texts(
        [frame for piece in pieces for frame in (*decoder.decode(piece), *decoder.on_pause())]
    )


def names_and_texts(frames: list[ClientFrame | Problem]) -> list[str]:
    """Return the name of a `join`, and the text of each `say`."""
    return [frame.name if isinstance(frame, Join) else frame.text for frame in frames]  # type: ignore[union-attr] # no other frames


@st.composite
def streams(draw: st.DrawFn, *, long: bool = True) -> bytes:
    """Return valid and invalid input of a client, in one piece; with `long`, some of it beyond a message."""
    name = draw(st.sampled_from(NAMES))
    prefix = f"{name}: ".encode()
    pieces = st.sampled_from(
        [
            prefix,
            prefix[:2],
            b"hi",
            "grüß 🥭".encode(),
            b"\n",
            b"\r\n",
            b"\r",
            "\u2028".encode(),
            b"\x1b[31m",
            b"\x1b]0;",
            b"\x07",
            b"Bob: ",
            b" ",
            b"\xc3",
            b"\x9f\xa5",
            b"\x00",
        ]
    )
    fillers = [b"", b"x" * (MAX_TEXT_CHARACTERS - 3), "é".encode() * MAX_TEXT_CHARACTERS] if long else [b""]
    rest = b"".join(draw(st.lists(pieces | st.binary(max_size=4), max_size=12)))
    return f"joined:{name}".encode() + rest + draw(st.sampled_from(fillers)) + rest


@given(streams(), st.lists(st.integers(0, 20_000), max_size=20))
def test_slices_do_not_change_the_frames(stream: bytes, cuts: list[int]) -> None:
    """Between two pauses."""
    whole, sliced = LegacyDecoder(), LegacyDecoder()
    expected = whole.decode(stream) + whole.on_eof()
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    pieces = [stream[start:end] for start, end in itertools.pairwise(edges)]
    heard = [frame for piece in pieces for frame in sliced.decode(piece)]
    assert heard + sliced.on_eof() == expected


@given(streams(long=False))
def test_byte_by_byte(stream: bytes) -> None:
    """Single bytes are slices too."""
    whole, sliced = LegacyDecoder(), LegacyDecoder()
    expected = whole.decode(stream) + whole.on_eof()
    heard = [frame for byte in stream for frame in sliced.decode(bytes([byte]))]
    assert heard + sliced.on_eof() == expected


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_random_bytes_are_harmless(pieces: list[bytes]) -> None:
    """With pauses anywhere: the name comes first and once, then texts that a room accepts."""
    decoder = LegacyDecoder()
    frames = [
        frame for piece in pieces for frame in (*decoder.decode(piece), *decoder.on_pause())
    ] + decoder.on_eof()
    assert [isinstance(frame, Join) for frame in frames] == [True, *[False] * (len(frames) - 1)]
    for number, frame in enumerate(frames[1:], 1):
        assert isinstance(frame, Say)
        assert frame.id == str(number)
        assert 0 < len(frame.text.strip()) <= len(frame.text) <= MAX_TEXT_CHARACTERS


@pytest.mark.parametrize("name", NAMES)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), max_size=5))
def test_no_text_is_lost(name: str, texts: list[str]) -> None:
    """Each text after a `NAME: ` arrives, in order."""
    stream = f"joined:{name}" + "".join(f"{name}: {text}" for text in texts)
    decoder = LegacyDecoder()
    heard = names_and_texts(decoder.decode(stream.encode()) + decoder.on_eof())
    expected = "".join(text.replace(f"{name}: ", "") for text in texts)
    assert "".join("".join(heard[1:]).split()) == "".join(expected.split())


def test_one_message_per_read() -> None:
    """As a person types, with a pause after each message."""
    assert decode_with_pauses(b"joined:Ann", b"Ann: hello", b"Ann: it's me: Ann") == [
        "Ann",
        "hello",
        "it's me: Ann",
    ]


def test_several_messages_in_one_read() -> None:
    """Pasted lines arrive together, the first one even with the name."""
    assert decode_with_pauses(b"joined:AnnAnn: oneAnn: twoAnn: three") == ["Ann", "one", "two", "three"]
    assert decode_with_pauses(b"joined:AnnAnn", b"AnnAnn: hi") == ["AnnAnn", "hi"]
    assert decode_with_pauses(b"joined:AnnAnnAnnAnn: hi") == ["AnnAnn", "hi"]


def test_another_name_is_text() -> None:
    """No client can write as somebody else."""
    assert decode_with_pauses(b"joined:Ann", b"Bob: hi", b"joined:Bob") == ["Ann", "Bob: hi", "joined:Bob"]
    assert decode_with_pauses(b"joined:Ann", b"ann: hi", b"Ann:hi", b"Ann 2: hi") == [
        "Ann",
        "ann: hi",
        "Ann:hi",
        "Ann 2: hi",
    ]


def test_line_breaks_end_messages() -> None:
    """As sent by telnet, with or without the name before them."""
    assert decode_with_pauses(b"joined:Ann\r\nAnn: one\r\ntwo\n\nAn\n") == ["Ann", "one", "two", "An"]


def test_a_blank_text_is_not_a_message() -> None:
    """An empty line, spaces, and control characters."""
    assert decode_with_pauses(b"joined:Ann", b"Ann: ", b"Ann:  \t", b"Ann: \x1b\x07", b"Ann: x") == [
        "Ann",
        "x",
    ]


def test_control_characters_are_removed() -> None:
    """As from the texts of other clients."""
    assert decode_with_pauses(b"joined:Ann", b"Ann: a\x1b[2J\x00b") == ["Ann", "ab"]
    assert decode_with_pauses(b"joined:Ann\x1b[0mAnn\x1b[0m: hi") == ["Ann", "hi"]


def test_a_terminal_sequence_in_pieces() -> None:
    """It is removed whole, wherever TCP splits it."""
    decoder = LegacyDecoder()
    pieces = (b"joined:AnnAnn: a\x1b", b"[3", b"1mred\x1b]0;ti", b"tle\x07!")
    frames = [frame for piece in pieces for frame in decoder.decode(piece)]
    assert names_and_texts(frames + decoder.on_pause()) == ["Ann", "ared!"]


def test_line_ends_of_every_kind() -> None:
    """Each ends a message, wherever TCP splits a CRLF."""
    assert decode_with_pauses(b"joined:Ann", "Ann: a\rb\x0bc\u2028d\x85e".encode()) == [
        "Ann",
        *"abcde",
    ]
    decoder = LegacyDecoder()
    frames = decoder.decode(b"joined:Ann\r") + decoder.decode(b"\nAnn: one\r") + decoder.decode(b"\ntwo\r\n")
    assert names_and_texts(frames) == ["Ann", "one", "two"]
    assert decoder.uses_lines


def test_the_original_client_uses_no_lines() -> None:
    """Its name ends at a pause, or before its first message."""
    for stream in (b"joined:Ann", b"joined:AnnAnn: hi\n"):
        decoder = LegacyDecoder()
        assert decoder.decode(stream) + decoder.on_pause()
        assert not decoder.uses_lines


def test_a_flood_of_blank_lines_is_dropped_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handling each line would cost too much."""
    calls = 0
    text_end = LegacyDecoder._text_end

    def counting(self: LegacyDecoder, start: int, *, flush: bool) -> int | None:
        nonlocal calls
        calls += 1
        return text_end(self, start, flush=flush)

    monkeypatch.setattr(LegacyDecoder, "_text_end", counting)
    for flood in (b"\n" * 60_000, b" \n\t\n" * 10_000, b"\x01\n\x02\r\n" * 10_000):
        assert decode_with_pauses(b"joined:Ann\n", flood, b"Ann: hi") == ["Ann", "hi"]
    assert calls < 20


def test_an_incomplete_character_waits() -> None:
    """A pause within a character ends nothing."""
    decoder = LegacyDecoder()
    decoder.decode(b"joined:Zo\xc3")
    assert not decoder.has_incomplete_message
    assert decoder.on_pause() == []
    assert names_and_texts(decoder.decode(b"\xab") + decoder.on_pause()) == ["Zoë"]
    assert names_and_texts(decoder.decode("Zoë: grü".encode()[:-1]) + decoder.on_pause()) == []
    assert names_and_texts(decoder.decode(b"\xbc\xc3\x9f") + decoder.on_pause()) == ["grüß"]


def test_bytes_that_are_not_text_are_replaced() -> None:
    """By U+FFFD."""
    assert decode_with_pauses(b"joined:Ann", b"Ann: a\xff\xfeb") == ["Ann", "a\ufffd\ufffdb"]
    decoder = LegacyDecoder()
    decoder.decode(b"joined:AnnAnn: caf\xc3")
    assert names_and_texts(decoder.on_eof()) == ["caf\ufffd"]


def test_the_beginning_of_a_name_waits() -> None:
    """`joined:` and `NAME: ` may arrive in pieces, with pauses between them."""
    assert decode_with_pauses(b"joined:", b"Ann", b"A", b"nn", b": ", b"hi") == ["Ann", "hi"]


def test_the_end_of_the_stream_ends_a_text() -> None:
    """Even a text that looks like the beginning of the name."""
    decoder = LegacyDecoder()
    decoder.decode(b"joined:Ann\nA")
    assert not decoder.has_incomplete_message
    assert names_and_texts(decoder.on_eof()) == ["A"]


def test_a_long_text_is_split() -> None:
    """At the length limit of messages; nothing is lost."""
    long = "é" * (2 * MAX_TEXT_CHARACTERS + 1)
    texts = decode_with_pauses(b"joined:Ann", f"Ann: {long}".encode())[1:]
    assert [len(text) for text in texts] == [MAX_TEXT_CHARACTERS, MAX_TEXT_CHARACTERS, 1]


def test_the_buffer_is_bounded() -> None:
    """Without an end, at most one message is buffered."""
    decoder = LegacyDecoder()
    decoder.decode(b"joined:Ann\n")
    heard = [frame for _ in range(100) for frame in decoder.decode(b"x" * 1_000)]
    assert sum(map(len, names_and_texts(heard))) > 100_000 - MAX_TEXT_CHARACTERS - 10


@pytest.mark.parametrize("name", ["", "\n", "x" * 300, "a\tb\n", "a\u202eb"])
def test_an_invalid_name_is_passed_on(name: str) -> None:
    """The room refuses it with the reason."""
    decoder = LegacyDecoder()
    frames = decoder.decode(f"joined:{name}".encode()) + decoder.on_eof()
    assert isinstance(frames[0], Join)
    assert frames[0].name == name.removesuffix("\n")[:256]


@pytest.mark.parametrize(
    "typed", ["/msg Bob secret", " /MSG Bob secret", "/tell Bob secret", "/w Bob secret"]
)
def test_a_private_message_is_not_said_to_all(typed: str) -> None:
    """Over this connection it could not be private."""
    decoder = LegacyDecoder()
    _, answer, said = decoder.decode(f"joined:Ann\n{typed}\n/msgs\n".encode())
    assert isinstance(answer, Problem)
    assert "was not sent" in answer.reason
    assert said == Say("1", "/msgs")

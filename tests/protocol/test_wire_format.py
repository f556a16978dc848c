"""What a peer speaks is known from its first bytes, and it is answered in kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.codec import encode, encode_all
from messango.protocol.error_codes import PROTOCOL
from messango.protocol.frames import Join, Joined, Look, Refused, Say
from messango.protocol.wire_format import ClassicSpeech, FramedSpeech, Heard, OpenSpeech, Speech

TOLD = encode_all([Joined("Bob"), Joined("Cy")])


def hear(speech: Speech, data: bytes, at_once: int = 1) -> Heard:
    """Return what is heard of these bytes, so many at once, and of the end."""
    pieces = [data[at : at + at_once] for at in range(0, len(data), at_once)]
    return [frame for piece in pieces for frame in speech.hear(piece)] + [*speech.end()]


@given(st.integers(1, 40))
def test_frames(at_once: int) -> None:
    """A JSON object is the beginning of frames, and what is said to that peer stays as it is."""
    speech = OpenSpeech()
    assert hear(speech, encode(Look(1)) + encode(Say("1", "hi")), at_once) == [Look(1), Say("1", "hi")]
    assert (speech.framed, speech.fault, speech.awaits_pause) == (True, None, False)
    assert speech.say(TOLD) == (TOLD,)


@given(st.integers(1, 40))
def test_the_original(at_once: int) -> None:
    """Its own greeting is the beginning of unframed text, both ways."""
    speech = OpenSpeech()
    assert hear(speech, b"joined:AnnAnn: hi", at_once) == [Join(1, "Ann"), Say("1", "hi")]
    assert (speech.framed, speech.fault) == (False, None)
    assert speech.say(TOLD) == [b"joined:Bob\njoined:Cy\n"]


@given(st.integers(1, 40))
def test_neither(at_once: int) -> None:
    """What can be neither is a fault, and nothing that follows it is heard; a person can read why."""
    speech = OpenSpeech()
    assert hear(speech, b"GET / HTTP/1.1\r\n" + encode(Look(1)), at_once) == []
    assert speech.fault is not None
    (told,) = speech.say(encode(Refused(PROTOCOL, str(speech.fault), speech.fault.hint)))
    assert "joined:" in told.decode()


@pytest.mark.parametrize("said", [b"", b"join", b"joined"])
def test_not_known_yet(said: bytes) -> None:
    """Whoever ends there has said nothing."""
    speech = OpenSpeech()
    assert hear(speech, said) == []
    assert (speech.framed, speech.fault, speech.awaits_pause, [*speech.pause()]) == (False, None, False, [])


def test_a_pause_ends_what_has_no_end() -> None:
    """Of the original alone: frames have ends of their own."""
    speech = OpenSpeech()
    assert speech.hear(b"joined:Ann") == []
    assert speech.awaits_pause
    assert speech.pause() == [Join(1, "Ann")]
    framed = FramedSpeech()
    framed.hear(b'{"type":')
    assert not framed.awaits_pause
    assert [*framed.pause(), *framed.end()] == []


def test_a_fault_in_frames_shows() -> None:
    """Also where they were recognised without encryption."""
    for speech in (FramedSpeech(), OpenSpeech()):
        speech.hear(b"{no frame}\n")
        assert speech.fault is not None
    assert ClassicSpeech().fault is None

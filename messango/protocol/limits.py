"""Every number that both ends hold each other to, and why it is that number."""

from __future__ import annotations

from typing import Final

PROTOCOL_VERSION: Final = 1

#: A frame with its ending newline. Holds 8,000 characters of any script (32,000 bytes of UTF-8) with
#: room for JSON's escapes, and is the most that one silent peer can make us keep.
MAX_FRAME_BYTES: Final = 65_536

#: A name fits beside a message on a narrow window, and with four bytes a character in a TXT record.
MAX_NAME_CHARACTERS: Final = 32

#: About four printed pages: a pasted traceback goes through, a pasted book does not.
MAX_TEXT_CHARACTERS: Final = 8_000

#: A client's own id for a message. A UUID with its dashes has 36.
MAX_ID_CHARACTERS: Final = 64

#: A session's secret and other tokens: 32 random bytes in base64 are 44 characters.
MAX_TOKEN_CHARACTERS: Final = 128

#: base64 of a SPAKE2 message (33 bytes) or of a SHA-256 confirmation, with room for another group.
MAX_PROOF_CHARACTERS: Final = 256

#: A passphrase of some lines fits; a file given by mistake does not.
MAX_PASSWORD_CHARACTERS: Final = 256

#: The history that a first visit sees: a few screens.
MAX_BACKLOG_MESSAGES: Final = 200

#: The original program had five seats, and a table of five talks without a moderator.
DEFAULT_SEATS: Final = 5

#: A stranger has this long from connecting to having joined, the TLS handshake included.
JOIN_DEADLINE_S: Final = 10.0

#: A client that has heard nothing for so long asks `ping`.
PING_AFTER_S: Final = 5.0

#: A client that has asked waits so long for the answer: with the silence before it, a dead link is
#: noticed within ten seconds.
PONG_TIMEOUT_S: Final = 4.5

#: Two pings unanswered and some time to spare: the link is dead (a pulled cable reports nothing).
DEAD_AFTER_S: Final = 12.0

#: A broken connection keeps its seat so long: a lift, a change of access point, a lid shut and opened.
RECONNECT_GRACE_S: Final = 30.0

#: A `typing` is passed on at most this often, and a face shows it a little longer than that.
TYPING_INTERVAL_S: Final = 2.0

#: Before it has joined a client needs three frames; more is somebody trying things out.
MAX_FRAMES_BEFORE_JOIN: Final = 16

#: Messages a second for one member, and how many it may have saved up for one burst.
DEFAULT_RATE_LIMIT: Final = 20
MESSAGE_BURST: Final = 50

#: Answers a second that a server gives one client (to pings, and to frames that are not valid): far more than
#: a client asks for, and few enough that asking without end costs the room nothing.
REPLY_RATE: Final = 50
REPLY_BURST: Final = 200

#: A client asks after `PING_AFTER_S` of silence, but in a lively room it never meets such a silence. After
#: this long without a byte from it the server asks, and the answer shows that the client is there.
PING_MEMBER_AFTER_S: Final = 7.0

#: Where messages have no end of their own, what follows within this time belongs to the same one: the pieces
#: of one come within a round trip, and nobody types a line so fast.
MESSAGE_GAP_S: Final = 0.05

#: As many seats as a host can choose.
MAX_MEMBERS: Final = 10_000

#: SQLite's integers, and those of most languages, end here.
MAX_SEQ: Final = 2**63 - 1

#: What is not a message (who joins, leaves, types) a client takes from a server: a full room of `MAX_MEMBERS`
#: that comes in twice over fits into the burst, and a thousand people who type into the rate.
NOTICE_RATE: Final = 2_000
NOTICE_BURST: Final = 2 * MAX_MEMBERS

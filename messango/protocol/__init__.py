"""What is said in a room and how it is framed: bytes in, events out; no socket, no thread, no clock."""

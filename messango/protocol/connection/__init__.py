"""The rules of one connection, for both ends: bytes and the time in, checked frames and actions out."""

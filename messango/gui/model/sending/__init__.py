"""The files that a person is about to send: what they chose, why some can't go, and their names. Pure."""

"""The wire protocol without I/O: frames, their encoding, and the rules of a connection.

Nothing here has a socket, a thread or a clock. Callers pass in bytes and the time.
"""

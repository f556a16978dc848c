"""A session in a room: members, connection, banner, notices, and what is being written."""

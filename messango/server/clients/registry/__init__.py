"""The table of a server's connections: which have not joined, and which belong to which member."""

"""The connections of a server: a thread per client, joining, and the pool that the room thread reads."""

"""The history of a room: in memory or in an SQLite file, and what helps if the file can't be used."""

"""The store of a room's files, beside its history."""

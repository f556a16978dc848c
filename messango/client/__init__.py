"""Joins a room and keeps it joined; knows nothing of windows and terminals."""

"""Rooms of several servers."""

"""Tests of the store of a room's files."""

"""Reads and searches a history besides the room: for one member, and for `messango history`."""

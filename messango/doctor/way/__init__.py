"""The way to one room, step by step: `messango doctor ROOM`."""

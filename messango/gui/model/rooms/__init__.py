"""The list of rooms, and how one is joined or hosted."""

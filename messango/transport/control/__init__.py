"""Requests of this user's programs to a room that is open on this computer, over a local socket."""

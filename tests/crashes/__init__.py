"""Kills the server and cuts connections while members send requests of all kinds, and checks what is left."""

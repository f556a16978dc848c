"""Uploads: what is sent, and how it gets into the room."""

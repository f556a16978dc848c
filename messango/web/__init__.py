"""Guests from a browser: HTTP, the page, and frames over WebSocket or event streams, without I/O."""

"""The browser front end: HTTP, WebSocket and event streams without I/O, and the page."""

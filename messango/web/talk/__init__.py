"""How frames travel between the server and the page: by WebSocket, or by an event stream and posts."""

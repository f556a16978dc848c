"""How a server of a linked room gets a file from another one. Pure: no socket, no thread, no clock."""

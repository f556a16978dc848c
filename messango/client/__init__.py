"""The client: joins a room and stays in it, without knowing the window or the terminal."""

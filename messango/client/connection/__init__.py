"""The connection to a room: finding and dialing it, the password, keeping it alive, trying again."""

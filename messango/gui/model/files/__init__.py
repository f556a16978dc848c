"""Files and pictures in a conversation: their cards, what can be done with them, what comes by itself."""

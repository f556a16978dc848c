"""Files and pictures in the conversation: their cards, the pictures on them, and a picture in full size."""

"""The emoji to choose from: by group, by word, and by a name between colons."""

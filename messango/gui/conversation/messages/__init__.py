"""What one does with the messages of a transcript: select, answer, react, edit, delete, copy, jump."""

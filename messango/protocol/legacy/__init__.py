"""The original client's unframed text."""

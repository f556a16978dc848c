"""The transcript in a text widget: blocks, tags, highlights, and what a click does."""

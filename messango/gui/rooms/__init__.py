"""The page with the list of rooms."""

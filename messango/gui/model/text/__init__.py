"""Texts as the window draws them: safe characters, links and code, directions and joined letters."""

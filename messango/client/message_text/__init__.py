"""What is in the text of a message: links, code, bold words, quotes, lists."""

"""How guests get to the page: the link, its QR code, a page to print, and what a phone warns of."""

"""What a person sees of files before they go, and how they choose them."""

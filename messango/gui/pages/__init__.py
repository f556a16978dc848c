"""The pages that cover those two for a while."""

"""The pages that cover the rooms or the conversation for a while."""

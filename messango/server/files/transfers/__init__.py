"""The connections that carry files, and their pace."""

"""Encrypted connections with their outboxes, certificates and addresses. No rooms here."""

"""Encrypted connections with their outboxes, certificates and addresses. Knows nothing about rooms."""

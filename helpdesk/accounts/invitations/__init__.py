"""Invitations: how people get an account."""

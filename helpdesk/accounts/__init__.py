"""Customers, people, roles and signing in."""

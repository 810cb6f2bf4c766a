"""Subscriptions, invoices, payments, and every charge explained."""

"""Billing tickets: the customer's side and the agents' queue."""

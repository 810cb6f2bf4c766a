"""The outbox, mail out, and what was delivered to whom."""

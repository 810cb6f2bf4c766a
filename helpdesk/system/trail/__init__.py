"""The audit trail as administrators read it: a page with filters, and a file."""

"""The partner's own invoices as a CSV file."""

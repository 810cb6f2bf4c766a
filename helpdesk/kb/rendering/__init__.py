"""Markdown in, safe HTML out: the only place where text becomes Markup."""

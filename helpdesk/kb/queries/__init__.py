"""What pages and commands ask about articles."""

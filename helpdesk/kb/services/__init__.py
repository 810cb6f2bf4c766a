"""What happens to articles: one module a use case."""

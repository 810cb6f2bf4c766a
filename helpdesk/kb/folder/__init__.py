"""A folder of Markdown files and the database, kept alike in both directions."""

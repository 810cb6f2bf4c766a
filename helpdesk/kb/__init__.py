"""Articles: written in Markdown, read in three languages."""

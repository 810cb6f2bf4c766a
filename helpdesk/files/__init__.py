"""Files that people send: what may come in, and where it is kept."""

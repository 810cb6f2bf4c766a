"""The engines that propose candidates: Whoosh on disk, PostgreSQL full text, and the plain database."""

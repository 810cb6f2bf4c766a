"""Who did what to what, written in the same transaction; append-only."""

"""One analyzer, one ranking, two engines."""

"""A partner's ordinary day, as data to look at."""

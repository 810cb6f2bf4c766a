"""A forgotten password: a link by mail, once, for an hour."""

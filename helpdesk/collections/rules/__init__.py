"""The rules of collections: pure, without session, clock or Flask."""

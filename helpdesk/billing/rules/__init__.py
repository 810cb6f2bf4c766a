"""The rules of billing: pure, exact, without session, clock or Flask."""

"""Tests of the Partner Center client."""

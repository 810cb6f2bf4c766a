"""Tests of what the operator looks after."""

"""The collections policy, and the notices that keep to it."""

"""Signing in by an identity provider of the organisation (OpenID Connect), where one is configured."""

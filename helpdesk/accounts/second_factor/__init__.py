"""The second step of signing in: codes from an app on the phone, and recovery codes for when it is lost."""

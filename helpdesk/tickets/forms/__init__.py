"""The forms of tickets; each keeps what was typed when it is refused."""

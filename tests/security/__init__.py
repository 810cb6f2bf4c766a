"""What must hold, whoever comes to the door: each line of docs/security.md."""

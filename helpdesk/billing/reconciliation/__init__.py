"""Reading 21Vianet's reconciliation files: text, columns, rows. Pure: no session, no clock."""

"""Cases handed to 21Vianet by hand, and never lost sight of."""

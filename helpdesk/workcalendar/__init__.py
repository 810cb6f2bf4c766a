"""Working hours and holidays of the partner and of 21Vianet."""

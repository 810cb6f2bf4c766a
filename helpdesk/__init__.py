"""A self-service billing helpdesk for partners who resell services operated by 21Vianet."""

"""Personal data: what is kept about a person or an organisation, handed out whole, and thrown away in time."""

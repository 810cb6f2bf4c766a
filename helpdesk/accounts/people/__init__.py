"""People of customers and of the partner: who they are, what they may do, and ending or opening their access."""

"""The laws of a ticket's life. Pure: values and `now` come in, values or a `DomainError` come out."""

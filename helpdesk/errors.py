"""Refusals that are part of the domain, not accidents."""

from __future__ import annotations

import inspect


class DomainError(Exception):
    """That is not possible here."""

    def __init__(self, **values: object) -> None:
        """Keep `values` for the sentence's placeholders; the docstring is the sentence."""
        self.values = values
        super().__init__(self.sentence % values if values else self.sentence)

    @property
    def sentence(self) -> str:
        """The untranslated sentence that the reader will see, with %(name)s placeholders."""
        return " ".join(inspect.cleandoc(type(self).__doc__ or "").split())

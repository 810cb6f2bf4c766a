"""What comes in: text within its limit, without the one character that PostgreSQL refuses: NUL."""

from __future__ import annotations

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import cached_property

NUL = "\0"


class CleanRequest(Request):
    """A request whose fields and query hold no NUL, and whose text has its limit however the form was sent."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query of the address."""
        return _clean(super().args)

    def _load_form_data(self) -> None:
        if self.mimetype == "application/x-www-form-urlencoded":  # Werkzeug limits only the text of the other kind
            most = self.max_form_memory_size
            if most is not None and (self.content_length or 0) > most:
                raise RequestEntityTooLarge
        super()._load_form_data()
        self.__dict__["form"] = _clean(self.__dict__["form"])


def _clean(values: MultiDict[str, str]) -> MultiDict[str, str]:
    if not any(NUL in value for _name, value in values.items(multi=True)):
        return values
    return ImmutableMultiDict((name, value.replace(NUL, "")) for name, value in values.items(multi=True))


def init_app(app: Flask) -> None:
    """Read requests so; an address with a NUL in its path leads nowhere."""
    app.request_class = CleanRequest

    @app.before_request
    def _no_such_address() -> None:
        if NUL in request.path:
            abort(404)

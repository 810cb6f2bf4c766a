"""The words of the calendar's page."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

COUNTRIES: Final = {"CN": _l("China"), "JP": _l("Japan"), "": _l("no country: weekends only")}

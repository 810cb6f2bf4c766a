"""Live values that articles show by name, so that they never contradict the rules in force.

Slices above this one offer theirs with `provide("policy", function)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask_babel import force_locale

from helpdesk import limits
from helpdesk.extensions import settings
from helpdesk.kb.rendering import variables_in
from helpdesk.web.locale import BABEL
from helpdesk.workcalendar.wiring import support_hours

Provider = Callable[[], Mapping[str, object]]

_providers: dict[str, Provider] = {}


def provide(group: str, values: Provider) -> None:
    """Offer `{{ group.name }}`: `values()` returns the names with their values, now."""
    _providers[group] = values


def groups() -> list[str]:
    """The groups on offer."""
    return sorted(_providers)


def all_values() -> dict[str, str]:
    """Every variable with its value."""
    return _values(_providers)


def values_in(*texts: str, locale: str) -> dict[str, str]:
    """The values that these texts show, in their language; providers that none of them needs are not asked."""
    wanted = {name.partition(".")[0] for text in texts for name in variables_in(text)}
    with force_locale(BABEL[locale]):
        return _values(group for group in _providers if group in wanted)


def _values(names: Iterable[str]) -> dict[str, str]:
    return {f"{group}.{name}": str(value) for group in names for name, value in _providers[group]().items()}


def provide_first_answer_hours(hours: Callable[[], int]) -> None:
    """Offer the working hours until the first answer that count now."""
    _promised["first_answer_hours"] = hours


_promised: dict[str, Callable[[], int]] = {}


def _limits() -> dict[str, object]:
    return {
        "payment_terms_days": limits.PAYMENT_TERMS_DAYS,
        "data_retention_days": limits.DATA_RETENTION_DAYS,
        "price_notice_days": limits.PRICE_NOTICE_DAYS,
        "partner_payment_days": limits.PARTNER_PAYMENT_DAYS,
        "late_charge_percent": limits.LATE_CHARGE_PERCENT,
        "upload_max_mb": limits.UPLOAD_MAX_BYTES // (1024 * 1024),
        "upload_max_files": limits.UPLOAD_MAX_FILES,
        "reopen_days": limits.REOPEN_DAYS,
        "autoclose_working_days": limits.AUTOCLOSE_WORKING_DAYS,
        "first_answer_hours": limits.FIRST_ANSWER_HOURS["normal"],
        **{name: hours() for name, hours in _promised.items()},
    }


def _partner() -> dict[str, object]:
    chosen = settings()
    return {
        "name": chosen.partner_name,
        "support_hours": support_hours(),
        "support_email": chosen.partner_support_email,
    }


def _vnet() -> dict[str, object]:
    return {"support_hours": f"{limits.VNET_OPENS_HOUR}:00–{limits.VNET_CLOSES_HOUR}:00"}


provide("limits", _limits)
provide("partner", _partner)
provide("vnet", _vnet)

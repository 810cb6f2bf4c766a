"""Where one is signed in, and ending it."""

from __future__ import annotations

from babel import dates
from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts import sessions
from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.layout import layout_of
from helpdesk.accounts.oidc.queries import identity_linked
from helpdesk.accounts.second_factor.queries import unused_codes
from helpdesk.accounts.second_factor.views.blueprint import is_required
from helpdesk.accounts.sessions.browser import this_session
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.accounts.sessions.queries import session_of, sessions_of
from helpdesk.accounts.sessions.rules import device_of
from helpdesk.accounts.sessions.services import end_all_sessions, end_other_sessions, end_session
from helpdesk.accounts.sessions.views.blueprint import bp
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.limits import SESSION_ABSOLUTE, SESSION_IDLE
from helpdesk.permissions import Permission, Role
from helpdesk.web.guards import found, requires
from helpdesk.web.locale import page_locale


@bp.get("/account/security")
@requires(Permission.ACCOUNT_OWN)
def index() -> ResponseReturnValue:
    """Show where the person is signed in."""
    person = signed_in_user()
    return render_template(
        "accounts/security.html",
        layout=layout_of(person),
        person=person,
        here=this_session(),
        has_second_factor=g.has_second_factor,
        step_required=is_required(person),
        identity=identity_linked(db.session, person),
        codes_left=unused_codes(db.session, person),
        rows=sessions_of(db.session, person, now=utc_now()),
        device_name=device_name,
        lasting=_lasting(person.role),
    )


def _lasting(role: Role) -> str:
    """How long a device stays signed in, in words."""
    idle, absolute = (
        str(dates.format_timedelta(limit[role], threshold=1, locale=page_locale()))
        for limit in (SESSION_IDLE, SESSION_ABSOLUTE)
    )
    words: str = _(
        "A device is signed out by itself after %(idle)s without use, and %(absolute)s after signing in.",
        idle=idle,
        absolute=absolute,
    )
    return words


def device_name(row: UserSession) -> str:
    """`Chrome on Windows`, in the reader's language."""
    device = device_of(row.device)
    if device.browser and device.system:
        return str(_("%(browser)s on %(system)s", browser=device.browser, system=device.system))
    return device.browser or device.system or str(_("Unknown browser"))


@bp.post("/account/sessions/<public_id>/end")
@requires(Permission.ACCOUNT_OWN)
def end(public_id: str) -> ResponseReturnValue:
    """Sign one device out; this one leads to the door."""
    person = signed_in_user()
    row = found(session_of(db.session, person, public_id))
    if row.id == this_session().id:
        sessions.end()
        flash(_("You are signed out."), "success")
        return redirect(url_for("home.index"))
    end_session(db.session, row, by=person, now=utc_now())
    db.session.commit()
    flash(_("That device was signed out."), "success")
    return redirect(url_for(".index"))


@bp.post("/account/sessions/end-others")
@requires(Permission.ACCOUNT_OWN)
def end_others() -> ResponseReturnValue:
    """Sign every other device out."""
    end_other_sessions(db.session, signed_in_user(), kept=this_session(), now=utc_now())
    db.session.commit()
    flash(_("Every other device was signed out."), "success")
    return redirect(url_for(".index"))


@bp.post("/account/sessions/end-all")
@requires(Permission.ACCOUNT_OWN)
def end_all() -> ResponseReturnValue:
    """Sign every device out, this one too."""
    end_all_sessions(db.session, signed_in_user(), now=utc_now())
    sessions.end()
    flash(_("You are signed out on every device."), "success")
    return redirect(url_for("home.index"))

"""Signing in and out, and one's own account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug import Response

from helpdesk.accounts import sessions
from helpdesk.accounts.access import half_way, signed_in_user, signed_in_user_or_none
from helpdesk.accounts.addresses.queries import waiting_change
from helpdesk.accounts.forms import PasswordForm, ProfileForm, SignInForm
from helpdesk.accounts.labels import ROLE, zone_choices
from helpdesk.accounts.landing import landing_path
from helpdesk.accounts.models import User
from helpdesk.accounts.rules import CurrentPasswordWrong, SignInDelayed
from helpdesk.accounts.services import change_password, sign_in, sign_out, update_profile
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, limiter
from helpdesk.limits import PASSWORD_MIN
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import public, requires
from helpdesk.web.locale import use_locale
from helpdesk.web.safe_redirects import safe_path

bp = Blueprint("accounts", __name__)


def _was_refused(response: Response) -> bool:
    """Whether a try to sign in failed: only those count towards the limit, so that an office may share an address."""
    return response.status_code != 302  # noqa: PLR2004 - signed in


@bp.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public
@limiter.limit("5/minute", methods=["POST"], deduct_when=_was_refused)
def sign_in_page() -> ResponseReturnValue:
    """Let a person in, and on to where they wanted to go."""
    person = signed_in_user_or_none()
    form = SignInForm(next=request.args.get("next", ""))
    if person is None and form.validate_on_submit():
        person = _signed_in(form)
    if half_way() is not None:
        return redirect(url_for("second_factor.step", next=safe_path(form.next.data, default="") or None))
    if person is None:
        return render_template("accounts/sign_in.html", form=form)
    return redirect(safe_path(form.next.data, default=landing_path(person)))


def _signed_in(form: SignInForm) -> User | None:
    """Sign in with what was typed; a refusal is counted and told in the form. Half way in is not in."""
    try:
        person = sign_in(
            db.session,
            email=str(form.email.data),
            password=str(form.password.data),
            address=request.remote_addr,
            now=utc_now(),
        )
    except DomainError as refusal:
        form.form_errors.append(sentence_of(refusal))
        person = None
    db.session.commit()
    if person is not None:
        sessions.begin(person)
    return person


@bp.post("/sign-out", endpoint="sign_out")
@public
def sign_out_here() -> ResponseReturnValue:
    """End the session; without one, it has ended already."""
    person = signed_in_user_or_none()
    if person is not None:
        sign_out(db.session, person, now=utc_now())
        db.session.commit()
    sessions.end()
    flash(_("You are signed out."), "success")
    return redirect(url_for("home.index"))


@bp.route("/account", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def account() -> ResponseReturnValue:
    """Show the account; change name, language and time zone."""
    person = signed_in_user()
    form = _profile_form(person)
    if not form.validate_on_submit():
        return _account_page(person, form, PasswordForm(formdata=None))
    update_profile(db.session, person, name=str(form.name.data), locale=form.locale.data, time_zone=form.time_zone.data)
    db.session.commit()
    use_locale(person.locale)
    flash(_("Your account was saved."), "success")
    return redirect(url_for(".account"))


@bp.post("/account/password")
@requires(Permission.ACCOUNT_OWN)
def password() -> ResponseReturnValue:
    """Change the password; every other session of this person ends."""
    person = signed_in_user()
    form = PasswordForm()
    if not form.validate_on_submit() or not _password_changed(person, form):
        return _account_page(person, _profile_form(person, formdata=None), form)
    sessions.begin(person)
    flash(_("Your password was changed. Other devices were signed out."), "success")
    return redirect(url_for(".account"))


def _profile_form(person: User, **options: None) -> ProfileForm:
    form = ProfileForm(obj=person, **options)
    form.time_zone.choices = zone_choices(person.time_zone)
    return form


def _account_page(person: User, profile: ProfileForm, password_form: PasswordForm) -> ResponseReturnValue:
    layout = "layouts/workspace.html" if person.role.is_staff else "layouts/portal.html"
    return render_template(
        "accounts/account.html",
        layout=layout,
        person=person,
        role=ROLE[person.role],
        profile=profile,
        password_form=password_form,
        password_min=PASSWORD_MIN,
        waiting=waiting_change(db.session, person, now=utc_now()),
    )


def _password_changed(person: User, form: PasswordForm) -> bool:
    """Change it, or say at the right field why not; a wrong guess is counted."""
    try:
        change_password(
            db.session,
            person,
            current=str(form.current.data),
            password=str(form.password.data),
            address=request.remote_addr,
            now=utc_now(),
        )
    except DomainError as refusal:
        at_current = isinstance(refusal, CurrentPasswordWrong | SignInDelayed)
        field = form.current if at_current else form.password
        field.errors = [*field.errors, sentence_of(refusal)]
        changed = False
    else:
        changed = True
    db.session.commit()
    return changed

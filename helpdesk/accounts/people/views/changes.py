"""One person: another role, the end of an access, its return."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.labels import ROLE, zone_label
from helpdesk.accounts.layout import layout_of
from helpdesk.accounts.models import User
from helpdesk.accounts.people.forms import EndForm, RoleForm
from helpdesk.accounts.people.labels import role_choices
from helpdesk.accounts.people.queries import managed_person
from helpdesk.accounts.people.services import change_role, end_access, open_access
from helpdesk.accounts.people.views.blueprint import bp, list_path
from helpdesk.accounts.second_factor.queries import has_second_factor
from helpdesk.accounts.second_factor.services import remove_second_factor
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission, Role
from helpdesk.web.errors import sentence_of
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import found, requires
from helpdesk.web.locale import LOCALES

_ANY = (Permission.ORGANISATION_PEOPLE, Permission.CUSTOMER_PEOPLE, Permission.ADMINISTER)
_ROLES = (Permission.ORGANISATION_PEOPLE, Permission.CUSTOMER_ROLES, Permission.ADMINISTER)


def _person(public_id: str) -> User:
    return found(managed_person(db.session, signed_in_user(), public_id))


@bp.get("/people/<public_id>")
@requires(*_ANY)
def show(public_id: str) -> ResponseReturnValue:
    """Show a person and what can be done about the account."""
    person = _person(public_id)
    return _page(person, _role_form(person, formdata=None), EndForm(formdata=None))


@bp.post("/people/<public_id>/role")
@requires(*_ROLES)
@fresh
def role(public_id: str) -> ResponseReturnValue:
    """Give a person another role."""
    person, actor = _person(public_id), signed_in_user()
    form = _role_form(person)
    if not form.validate_on_submit():
        return _page(person, form, EndForm(formdata=None))
    try:
        wish = Role(form.role.data)
        change_role(db.session, person, role=wish, reason=form.role_reason.data or "", by=actor, now=utc_now())
    except DomainError as refusal:
        form.form_errors.append(sentence_of(refusal))
        return _page(person, form, EndForm(formdata=None))
    db.session.commit()
    flash(_("%(name)s has the new role, and signs in anew.", name=person.name), "success")
    return redirect(url_for(".show", public_id=public_id))


@bp.post("/people/<public_id>/disable")
@requires(*_ANY)
def disable(public_id: str) -> ResponseReturnValue:
    """End a person's access."""
    person, actor = _person(public_id), signed_in_user()
    form = EndForm()
    if not form.validate_on_submit():
        return _page(person, _role_form(person, formdata=None), form)
    try:
        end_access(db.session, person, reason=form.end_reason.data or "", by=actor, now=utc_now())
    except DomainError as refusal:
        form.form_errors.append(sentence_of(refusal))
        return _page(person, _role_form(person, formdata=None), form)
    db.session.commit()
    flash(_("%(name)s can no longer sign in.", name=person.name), "success")
    return redirect(list_path(actor, person.customer))


@bp.post("/people/<public_id>/enable")
@requires(Permission.CUSTOMER_PEOPLE, Permission.ADMINISTER)
def enable(public_id: str) -> ResponseReturnValue:
    """Let a person sign in again."""
    person = _person(public_id)
    open_access(db.session, person, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("%(name)s can sign in again.", name=person.name), "success")
    return redirect(url_for(".show", public_id=public_id))


@bp.post("/people/<public_id>/second-step/remove")
@requires(Permission.ADMINISTER)
@fresh
def remove_step(public_id: str) -> ResponseReturnValue:
    """Take the second step from a person whose phone is lost."""
    person, actor = _person(public_id), signed_in_user()
    remove_second_factor(db.session, person, required=person.role.is_staff, by=actor, now=utc_now())
    db.session.commit()
    flash(
        _("%(name)s signs in with the password alone until a second step is set up again.", name=person.name), "success"
    )
    return redirect(url_for(".show", public_id=public_id))


def _role_form(person: User, **options: None) -> RoleForm:
    form = RoleForm(data={"role": person.role.value}, **options)
    form.role.choices = role_choices(signed_in_user(), customer_id=person.customer_id)
    return form


def _page(person: User, role_form: RoleForm, end_form: EndForm) -> ResponseReturnValue:
    actor = signed_in_user()
    may_remove_step = actor.may(Permission.ADMINISTER) and person.id != actor.id
    return render_template(
        "accounts/people/person.html",
        layout=layout_of(actor),
        actor=actor,
        person=person,
        role_name=ROLE[person.role],
        language=LOCALES.get(person.locale, person.locale),
        zone=zone_label(person.time_zone),
        list_url=list_path(actor, person.customer),
        role_form=role_form if any(map(actor.may, _ROLES)) else None,
        end_form=end_form,
        has_step=may_remove_step and has_second_factor(db.session, person),
    )

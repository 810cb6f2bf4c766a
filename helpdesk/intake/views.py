"""Mail that came in: what was done with it, and what to do about a mail that waits."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.intake import labels
from helpdesk.intake.forms import AcceptForm, JoinForm
from helpdesk.intake.models import IncomingMail, Reason
from helpdesk.intake.queries import MailFilter, blocked_senders, incoming_mail, mail_page, waiting_in_quarantine
from helpdesk.intake.services import House, accept, block, join, replay, unblock
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires

bp = Blueprint("incoming", __name__)
_KEY_DIGITS = 9


@bp.get("/work/incoming")
@requires(Permission.TICKETS_WORK)
def index() -> ResponseReturnValue:
    """List mails that came in, newest first; those that wait are shown first of all."""
    wish = request.args.get("show", "")
    chosen = MailFilter(wish) if wish in set(MailFilter) else MailFilter.WAITING
    page = mail_page(db.session, chosen, before=_page_key())
    next_url = url_for(".index", show=chosen, before=page.next_key) if page.next_key else ""
    waiting = waiting_in_quarantine(db.session)
    return render_template(
        "incoming/index.html", page=page, chosen=chosen, labels=labels, next_url=next_url, waiting=waiting
    )


def _page_key() -> int | None:
    key = request.args.get("before", "")
    return int(key) if key.isascii() and key.isdigit() and len(key) <= _KEY_DIGITS else None


@bp.get("/work/incoming/blocked")
@requires(Permission.TICKETS_WORK)
def blocked() -> ResponseReturnValue:
    """List the addresses whose mail is rejected."""
    page = blocked_senders(db.session, before=_page_key())
    next_url = url_for(".blocked", before=page.next_key) if page.next_key else ""
    return render_template("incoming/blocked.html", page=page, next_url=next_url)


@bp.post("/work/incoming/unblock")
@requires(Permission.TICKETS_WORK)
def unblock_sender() -> ResponseReturnValue:
    """Take mail of an address again."""
    address = request.form.get("address", "")
    unblock(db.session, address, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Mail from %(address)s is taken again.", address=address), "success")
    return redirect(url_for(".blocked"))


@bp.get("/work/incoming/<public_id>")
@requires(Permission.TICKETS_WORK)
def show(public_id: str) -> ResponseReturnValue:
    """Show one mail as text, with what can be done about it."""
    mail = found(incoming_mail(db.session, public_id))
    return _page(mail, accept_form=AcceptForm(), join_form=JoinForm())


def _page(mail: IncomingMail, *, accept_form: AcceptForm, join_form: JoinForm) -> str:
    return render_template(
        "incoming/show.html",
        mail=mail,
        labels=labels,
        accept_form=accept_form,
        join_form=join_form,
        sender_is_known=mail.reason not in {Reason.UNKNOWN_SENDER, Reason.NO_SENDER, Reason.SEVERAL_SENDERS},
    )


@bp.post("/work/incoming/<public_id>/accept")
@requires(Permission.TICKETS_WORK)
def accept_mail(public_id: str) -> ResponseReturnValue:
    """Make a ticket of it."""
    mail = found(incoming_mail(db.session, public_id, lock=True))
    form, by = AcceptForm(), signed_in_user()
    contact = (form.contact.data or "").strip()

    def do() -> None:
        accept(db.session, mail, contact=contact, by=by, house=_house(), now=utc_now())

    if not form.validate_on_submit() or not _done(do, form):
        return _page(mail, accept_form=form, join_form=JoinForm(formdata=None)), 422
    flash(_("The mail is a ticket now."), "success")
    return redirect(_ticket_url(mail))


@bp.post("/work/incoming/<public_id>/join")
@requires(Permission.TICKETS_WORK)
def join_mail(public_id: str) -> ResponseReturnValue:
    """Add it to a ticket."""
    mail = found(incoming_mail(db.session, public_id, lock=True))
    form, by = JoinForm(), signed_in_user()

    def do() -> None:
        join(db.session, mail, number=form.number, by=by, house=_house(), now=utc_now())

    if not form.validate_on_submit() or not _done(do, form):
        return _page(mail, accept_form=AcceptForm(formdata=None), join_form=form), 422
    flash(_("The mail was added to the ticket."), "success")
    return redirect(_ticket_url(mail))


def _done(do: Callable[[], None], form: AcceptForm | JoinForm) -> bool:
    """Act and commit; a refusal is said in the form, with what was typed."""
    try:
        do()
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(sentence_of(refusal))
        return False
    db.session.commit()
    return True


def _ticket_url(mail: IncomingMail) -> str:
    return url_for("queue.show", number=mail.ticket.number) if mail.ticket else url_for(".index")


@bp.post("/work/incoming/<public_id>/block")
@requires(Permission.TICKETS_WORK)
def block_sender(public_id: str) -> ResponseReturnValue:
    """Reject it and all that its sender will write."""
    mail = found(incoming_mail(db.session, public_id, lock=True))
    block(db.session, mail, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("%(address)s is blocked.", address=mail.sender), "success")
    return redirect(url_for(".index"))


@bp.post("/work/incoming/<public_id>/replay")
@requires(Permission.TICKETS_WORK)
def replay_mail(public_id: str) -> ResponseReturnValue:
    """Read it again by the rules of today."""
    mail = found(incoming_mail(db.session, public_id, lock=True))
    replay(db.session, mail, house=_house(), now=utc_now(), by=signed_in_user())
    db.session.commit()
    flash(_("The mail was read again: %(result)s.", result=labels.RESULT[mail.result]), "success")
    return redirect(url_for(".show", public_id=public_id))


def _house() -> House:
    return House.of(current_app.config["HELPDESK"])

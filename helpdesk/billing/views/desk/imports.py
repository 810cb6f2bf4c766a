"""Uploading files: received, checked by the worker, taken in when somebody says so."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, abort, flash, make_response, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.bills.file import TEMPLATE
from helpdesk.billing.forms import UploadForm, WantForm, refuse_because
from helpdesk.billing.models import BillingImport, ChargeType, ImportKind
from helpdesk.billing.queries.imports import import_visible, recent_imports
from helpdesk.billing.services import drop_import, receive_import, want_import
from helpdesk.billing.views.desk.shared import bp, csv_answer, one_person, page, said
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, limiter, settings
from helpdesk.files.scanning import scanner_of
from helpdesk.files.store import file_store
from helpdesk.money import Money
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today
from helpdesk.web.guards import found, requires

_SECONDS = 2
"""How often the page of a running import comes anew."""


@bp.route("/imports", methods=["GET", "POST"])
@requires(Permission.BILLING_MANAGE)
@limiter.limit("30/hour", key_func=one_person, methods=["POST"])
def imports() -> ResponseReturnValue:
    """List the files, and take a new one."""
    form = UploadForm(data={"billed_on": today()})
    if not form.validate_on_submit():
        return page("imports.html", form=form, rows=recent_imports(db.session))
    try:
        received = _received(form)
    except DomainError as refusal:
        db.session.rollback()
        refuse_because(form.file, refusal)
        return page("imports.html", form=form, rows=recent_imports(db.session))
    db.session.commit()
    return redirect(url_for(".show_import", public_id=received.public_id))


def _received(form: UploadForm) -> BillingImport:
    upload = form.file.data
    return receive_import(
        db.session,
        upload.stream,
        name=upload.filename,
        kind=ImportKind(form.kind.data),
        billed_on=form.billed_on.day,
        store=file_store(settings()),
        scanner=scanner_of(settings()),
        by=signed_in_user(),
        now=utc_now(),
    )


def _found(public_id: str) -> BillingImport:
    return found(import_visible(db.session, signed_in_user(), public_id))


@bp.get("/imports/<public_id>")
@requires(Permission.BILLING_MANAGE)
def show_import(public_id: str) -> ResponseReturnValue:
    """Show what is in a file; while the worker is at it, the page comes anew by itself."""
    row = _found(public_id)
    response = make_response(_page(row, WantForm()))
    if row.is_waiting:
        response.headers["Refresh"] = str(_SECONDS)
    return response


def _page(row: BillingImport, form: WantForm) -> str:
    return page(
        "import.html",
        row=row,
        form=form,
        bad=[_bad(each) for each in row.bad],
        refusal=said(row.refusal) if row.refusal else "",
        differences=_differences(row.findings.get("differences")),
        invoices=[_bill(each) for each in row.findings.get("invoices", [])],
    )


def _bill(each: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(each[name]) for name in ("issued_on", "due_on")}
    return each | days | {"total": Money(*each["total"])}


def _bad(each: dict[str, Any]) -> dict[str, Any]:
    return each | {"words": said({"sentence": each["reason"], "values": each["values"]})}


def _differences(found_: dict[str, Any] | None) -> dict[str, Any] | None:
    """The differences with amounts and charge types as the page shows them."""
    if found_ is None:
        return None
    examples = [
        each
        | {
            "kind": ChargeType(each["charge_type"]),
            "start": date.fromisoformat(each["start"]),
            "end": date.fromisoformat(each["end"]),
            "before": Money(*each["before"]) if each["before"] else None,
            "after": Money(*each["after"]) if each["after"] else None,
        }
        for each in found_["examples"]
    ]
    return found_ | {"examples": examples}


@bp.post("/imports/<public_id>/take")
@requires(Permission.BILLING_MANAGE)
def take_import(public_id: str) -> ResponseReturnValue:
    """Have the worker take the file in."""
    row, form = _found(public_id), WantForm()
    try:
        want_import(
            db.session,
            row,
            skip_bad=bool(form.skip_bad.data),
            replace=form.earlier.data != "keep",
            by=signed_in_user(),
            now=utc_now(),
        )
    except DomainError as refusal:
        db.session.rollback()
        refuse_because(form.skip_bad, refusal)
        return _page(_found(public_id), form)
    db.session.commit()
    return redirect(url_for(".show_import", public_id=public_id))


@bp.post("/imports/<public_id>/leave")
@requires(Permission.BILLING_MANAGE)
def leave_import(public_id: str) -> ResponseReturnValue:
    """Leave the file out."""
    drop_import(db.session, _found(public_id), by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("The file was left out. Nothing changed."), "success")
    return redirect(url_for(".imports"))


@bp.get("/imports/<public_id>/rejects.csv")
@requires(Permission.BILLING_MANAGE)
def rejects(public_id: str) -> ResponseReturnValue:
    """Send the bad rows, each with its reason, to be mended and uploaded again."""
    row = _found(public_id)
    try:
        content = file_store(settings()).open(found(row.rejects_sha256))
    except FileNotFoundError:
        abort(404)
    response: Response = send_file(
        content, mimetype="text/csv", as_attachment=True, download_name=f"rejects-{row.name}", max_age=0
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/imports/template.csv")
@requires(Permission.BILLING_MANAGE)
def template() -> ResponseReturnValue:
    """Send the template of the invoice file."""
    return csv_answer("".join(",".join(row) + "\r\n" for row in TEMPLATE), "invoices-template.csv")

"""The demonstration's password is printed in the manual: no real installation may be opened with it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import matches
from helpdesk.db import only_read
from helpdesk.demo.people import ORGANISATIONS, PASSWORD, STAFF
from helpdesk.errors import DomainError
from helpdesk.extensions import db


class DemonstrationIsOpen(DomainError):
    """The helpdesk does not start: %(email)s can sign in with the demonstration's password. Disable that account."""


def refuse_demonstration(app: Flask) -> None:
    """Look for accounts of the demonstration that are still open in production. Raises `DemonstrationIsOpen`."""
    if not app.config["HELPDESK"].is_production:
        return
    with app.app_context():
        only_read()
        try:
            open_one = _open_account()
        except DBAPIError:
            return  # no tables yet: nobody can sign in
        finally:
            only_read(on=False)
            db.session.rollback()
    if open_one is not None:
        raise DemonstrationIsOpen(email=open_one)


def _open_account() -> str | None:
    emails = [person.email for person in (*STAFF, *(each for one in ORGANISATIONS for each in one.people))]
    people = db.session.scalars(select(User).where(User.email.in_(emails), User.disabled_at.is_(None)))
    return next((person.email for person in people if matches(person.password_hash, PASSWORD)), None)

"""`helpdesk user ...`: making and disabling accounts from the console."""

from __future__ import annotations

import sys

import click

from helpdesk.accounts.models import Customer
from helpdesk.accounts.people.services import open_access
from helpdesk.accounts.queries import customer_by_domain, user_by_email
from helpdesk.accounts.second_factor.services import remove_second_factor
from helpdesk.accounts.services import create_user, disable_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Role
from helpdesk.web.locale import LOCALES


class CustomerUnknown(DomainError):
    """There is no customer with the domain %(domain)s."""


class UserUnknown(DomainError):
    """There is no account with the address %(email)s."""


def _refused(error: DomainError) -> click.ClickException:
    return click.ClickException(str(error))


@click.group("user")
def user() -> None:
    """Make and disable accounts."""


@user.command("create")
@click.option("--email", prompt="E-mail address", help="Address to sign in with.")
@click.option("--name", prompt="Name", help="How the person is addressed.")
@click.option("--role", prompt="Role", type=click.Choice([role.value for role in Role]), help="What the person may do.")
@click.option("--customer", "domain", default=None, help="Domain of the customer, for a customer's people.")
@click.option("--locale", default="en", show_default=True, type=click.Choice(list(LOCALES)), help="Language.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def create(*, email: str, name: str, role: str, domain: str | None, locale: str, password_stdin: bool) -> None:
    """Make an account; it prints the address. Refusals are said in words, with exit code 1."""
    try:
        customer = _customer(domain)
        person = create_user(
            db.session,
            email=email,
            name=name,
            role=Role(role),
            password=_password(from_stdin=password_stdin),
            now=utc_now(),
            customer=customer,
            locale=locale,
        )
    except DomainError as error:
        raise _refused(error) from error
    db.session.commit()
    click.echo(person.email)


def _customer(domain: str | None) -> Customer | None:
    if domain is None:
        return None
    customer = customer_by_domain(db.session, domain)
    if customer is None:
        raise CustomerUnknown(domain=domain)
    return customer


def _password(*, from_stdin: bool) -> str:
    """Ask twice without showing it, or take the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return answer


@user.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """End the access of EMAIL; every session ends at once."""
    try:
        person = user_by_email(db.session, email)
        if person is None:
            raise UserUnknown(email=email)
        disable_user(db.session, person, now=utc_now())
    except DomainError as error:
        raise _refused(error) from error
    db.session.commit()
    click.echo(f"{person.email} can no longer sign in.", err=True)


@user.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let EMAIL sign in again."""
    try:
        person = user_by_email(db.session, email)
        if person is None:
            raise UserUnknown(email=email)
        open_access(db.session, person, now=utc_now())
    except DomainError as error:
        raise _refused(error) from error
    db.session.commit()
    click.echo(f"{person.email} can sign in again.", err=True)


@user.command("reset-2fa")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take the second step from EMAIL, whose phone is lost; every session ends, and the person is told by mail."""
    try:
        person = user_by_email(db.session, email)
        if person is None:
            raise UserUnknown(email=email)
        remove_second_factor(db.session, person, required=False, now=utc_now())
    except DomainError as error:
        raise _refused(error) from error
    db.session.commit()
    click.echo(f"{person.email} signs in with the password alone until a second step is set up again.", err=True)

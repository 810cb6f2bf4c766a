"""Invitations: who may send them, and what their links open."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.invitations import rules, services
from helpdesk.accounts.invitations.models import Invitation
from helpdesk.accounts.invitations.queries import managed_invitation, open_invitation, pending
from helpdesk.accounts.links import LinkOver
from helpdesk.accounts.models import Customer, User
from helpdesk.accounts.passwords import PasswordTooShort, matches
from helpdesk.accounts.people.rules import MayNotManage, RoleNotYours, grantable
from helpdesk.accounts.rules import EmailMalformed, EmailTaken
from helpdesk.audit.models import AuditEntry
from helpdesk.limits import INVITATION_LASTS, INVITATIONS_PER_HOUR, RESEND_AFTER
from helpdesk.permissions import CUSTOMER_ROLES, STAFF_ROLES, Role
from tests.cast import Cast
from tests.mailed import SECRET_KEY, mails, token

PASSWORD = "rainy harbour lanterns"  # noqa: S105 - not a secret
NEW = "zhao.lei@lanting.example"


def invite(
    session: Session,
    by: User,
    customer: Customer | None,
    *,
    now: datetime,
    email: str = NEW,
    role: Role = Role.CUSTOMER_MEMBER,
    locale: str = "ja",
) -> Invitation:
    """Send an invitation."""
    return services.invite(
        session, email=email, role=role, customer=customer, locale=locale, by=by, secret=SECRET_KEY, now=now
    )


def accept(session: Session, value: str, *, now: datetime, password: str = PASSWORD) -> User:
    """Use a link."""
    return services.accept(
        session, token=value, name=" Zhao  Lei ", password=password, locale="en", time_zone="Asia/Tokyo", now=now
    )


def test_who_may_give_which_role_to_whom(cast: Cast) -> None:
    own, other = cast.lanting.id, cast.sakura.id

    table = {
        person.name: [grantable(person, customer_id=of) for of in (own, other, None)]
        for person in (cast.li_na, cast.wang_fang, cast.tom, cast.mei, cast.emma, cast.root)
    }

    nothing: frozenset[Role] = frozenset()
    members = frozenset({Role.CUSTOMER_MEMBER})
    assert table == {
        cast.li_na.name: [nothing, nothing, nothing],
        cast.wang_fang.name: [CUSTOMER_ROLES, nothing, nothing],
        cast.tom.name: [members, members, nothing],
        cast.mei.name: [CUSTOMER_ROLES, CUSTOMER_ROLES, nothing],
        cast.emma.name: [nothing, nothing, nothing],
        cast.root.name: [CUSTOMER_ROLES, CUSTOMER_ROLES, STAFF_ROLES],
    }


def test_an_invitation_becomes_an_account_once(session: Session, cast: Cast, now: datetime) -> None:
    made = invite(session, cast.wang_fang, cast.lanting, now=now, role=Role.BILLING_CONTACT)
    value = token(session, "invitation")

    person = accept(session, value, now=now + timedelta(days=6))

    assert (person.email, person.name, person.role, person.customer_id) == (
        NEW,
        "Zhao Lei",
        Role.BILLING_CONTACT,
        cast.lanting.id,
    )
    assert (person.locale, person.time_zone) == ("en", "Asia/Tokyo")
    assert matches(person.password_hash, PASSWORD)
    assert made.user_id == person.id
    with pytest.raises(LinkOver):
        accept(session, value, now=now)
    actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions == ["invitation.sent", "user.created", "invitation.accepted"]


def test_the_mail_is_in_the_language_of_the_invitation_and_the_token_is_kept_hashed(
    session: Session, cast: Cast, now: datetime
) -> None:
    made = invite(session, cast.wang_fang, cast.lanting, now=now)

    mail = mails(session)[0]
    assert (mail.locale, mail.recipient_id, mail.delivery.address) == ("ja", None, NEW)
    value = token(session, "invitation")
    assert len(value) == 43
    assert made.token_hash != value
    assert len(made.token_hash) == 64


@pytest.mark.parametrize("value", ["", " ", "x", "•••", "a" * 43, "A" * 42 + "="])
def test_an_empty_or_invented_token_never_matches(session: Session, cast: Cast, now: datetime, value: str) -> None:
    made = invite(session, cast.wang_fang, cast.lanting, now=now)
    made.token_hash = ""
    session.flush()

    with pytest.raises(LinkOver):
        accept(session, value, now=now)


def test_an_invitation_is_over_after_its_days(session: Session, cast: Cast, now: datetime) -> None:
    invite(session, cast.wang_fang, cast.lanting, now=now)
    value = token(session, "invitation")

    assert open_invitation(session, value, now=now + INVITATION_LASTS - timedelta(seconds=1)) is not None
    assert open_invitation(session, value, now=now + INVITATION_LASTS) is None


def test_a_withdrawn_invitation_opens_nothing(session: Session, cast: Cast, now: datetime) -> None:
    made = invite(session, cast.wang_fang, cast.lanting, now=now)
    value = token(session, "invitation")

    services.withdraw(session, made, by=cast.wang_fang, now=now)

    with pytest.raises(LinkOver):
        accept(session, value, now=now)
    with pytest.raises(rules.InvitationOver):
        services.withdraw(session, made, by=cast.wang_fang, now=now)
    with pytest.raises(rules.InvitationOver):
        services.invite_again(session, made, by=cast.wang_fang, secret=SECRET_KEY, now=now + RESEND_AFTER)


def test_sending_again_ends_the_earlier_link_and_not_at_once(session: Session, cast: Cast, now: datetime) -> None:
    made = invite(session, cast.wang_fang, cast.lanting, now=now)
    first = token(session, "invitation")
    with pytest.raises(rules.SentJustNow):
        services.invite_again(session, made, by=cast.wang_fang, secret=SECRET_KEY, now=now + timedelta(minutes=1))

    services.invite_again(session, made, by=cast.tom, secret=SECRET_KEY, now=now + RESEND_AFTER)

    second = token(session, "invitation")
    assert open_invitation(session, first, now=now) is None
    assert open_invitation(session, second, now=now + INVITATION_LASTS) is not None
    assert made.invited_by is cast.tom


def test_a_refused_password_leaves_the_link_as_it_was(session: Session, cast: Cast, now: datetime) -> None:
    invite(session, cast.wang_fang, cast.lanting, now=now)
    value = token(session, "invitation")

    with pytest.raises(PasswordTooShort):
        accept(session, value, now=now, password="short")  # noqa: S106 - not a secret

    assert accept(session, value, now=now).email == NEW


@pytest.mark.parametrize("ending", ["disabled", "demoted"])
def test_a_link_opens_nothing_once_its_sender_may_not_give_the_role_any_more(
    session: Session, cast: Cast, now: datetime, ending: str
) -> None:
    invite(session, cast.wang_fang, cast.lanting, now=now)
    value = token(session, "invitation")
    if ending == "disabled":
        cast.wang_fang.disabled_at = now
    else:
        cast.wang_fang.role = Role.CUSTOMER_MEMBER
    session.flush()

    with pytest.raises(LinkOver):
        accept(session, value, now=now)


def test_an_address_with_an_account_elsewhere_gets_the_same_answer_and_a_mail_without_a_link(
    session: Session, cast: Cast, now: datetime
) -> None:
    made = invite(session, cast.wang_fang, cast.lanting, now=now, email=" SATO@sakura.example ")

    assert [each.email for each in pending(session, cast.wang_fang, customer_id=cast.lanting.id)] == [made.email]
    mail = mails(session)[0]
    assert (mail.kind, mail.recipient_id, mail.locale) == ("invitation_known", cast.sato.id, "ja")
    assert "private" not in mail.payload


def test_who_got_an_account_meanwhile_cannot_have_a_second_one(session: Session, cast: Cast, now: datetime) -> None:
    invite(session, cast.wang_fang, cast.lanting, now=now)
    value = token(session, "invitation")
    cast.sato.email = NEW
    session.flush()

    with pytest.raises(EmailTaken):
        accept(session, value, now=now)


def test_who_stands_in_the_same_list_is_named(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(rules.AlreadyHere):
        invite(session, cast.wang_fang, cast.lanting, now=now, email=cast.li_na.email)
    invite(session, cast.wang_fang, cast.lanting, now=now)
    with pytest.raises(rules.AlreadyHere):
        invite(session, cast.tom, cast.lanting, now=now)


def test_a_billing_contact_can_never_give_a_role_of_the_partner(session: Session, cast: Cast, now: datetime) -> None:
    for role in STAFF_ROLES:
        with pytest.raises(RoleNotYours):
            invite(session, cast.wang_fang, cast.lanting, now=now, role=role)
        with pytest.raises(MayNotManage):
            invite(session, cast.wang_fang, None, now=now, role=role)
    with pytest.raises(MayNotManage):
        invite(session, cast.wang_fang, cast.sakura, now=now)


def test_an_agent_invites_members_and_never_billing_contacts_or_staff(
    session: Session, cast: Cast, now: datetime
) -> None:
    invite(session, cast.tom, cast.sakura, now=now)
    contact = invite(session, cast.mei, cast.sakura, now=now, role=Role.BILLING_CONTACT, email="contact@sakura.example")

    with pytest.raises(RoleNotYours):
        invite(session, cast.tom, cast.sakura, now=now, role=Role.BILLING_CONTACT)
    with pytest.raises(RoleNotYours):
        services.invite_again(session, contact, by=cast.tom, secret=SECRET_KEY, now=now + RESEND_AFTER)
    services.withdraw(session, contact, by=cast.tom, now=now)

    with pytest.raises(MayNotManage):
        invite(session, cast.tom, None, now=now, role=Role.AGENT)
    with pytest.raises(RoleNotYours):
        invite(session, cast.root, None, now=now, role=Role.BILLING_CONTACT)


def test_there_are_only_so_many_invitations_in_an_hour(session: Session, cast: Cast, now: datetime) -> None:
    for number in range(INVITATIONS_PER_HOUR):
        invite(session, cast.wang_fang, cast.lanting, now=now, email=f"p{number}@lanting.example")

    with pytest.raises(rules.TooManyInvitations):
        invite(session, cast.wang_fang, cast.lanting, now=now)
    invite(session, cast.wang_fang, cast.lanting, now=now + timedelta(hours=1))


def test_an_address_that_is_none_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(EmailMalformed):
        invite(session, cast.wang_fang, cast.lanting, now=now, email="a@b\r\nBcc: x@y.cn")


def test_invitations_of_others_do_not_exist(session: Session, cast: Cast, now: datetime) -> None:
    ours = invite(session, cast.wang_fang, cast.lanting, now=now)
    staff = invite(session, cast.root, None, now=now, email="new@partner.example", role=Role.LEAD)

    seen = {
        person.name: [managed_invitation(session, person, each.public_id) is not None for each in (ours, staff)]
        for person in (cast.wang_fang, cast.li_na, cast.sato, cast.tom, cast.emma, cast.root)
    }

    assert seen == {
        cast.wang_fang.name: [True, False],
        cast.li_na.name: [False, False],
        cast.sato.name: [False, False],
        cast.tom.name: [True, False],
        cast.emma.name: [False, False],
        cast.root.name: [True, True],
    }

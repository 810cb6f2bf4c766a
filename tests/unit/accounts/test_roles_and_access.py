"""Another role, the end of an access, its return."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.people import rules
from helpdesk.accounts.people.queries import PeopleFilter, everyone_of, managed_person, people_page
from helpdesk.accounts.people.services import change_role, end_access, open_access
from helpdesk.accounts.rules import AlreadyDisabled
from helpdesk.audit.models import AuditEntry
from helpdesk.notifications.models import OutboxMessage
from helpdesk.permissions import STAFF_ROLES, Role
from tests.cast import Cast


def entry(session: Session, action: str) -> AuditEntry:
    """The entry of a deed."""
    return session.scalars(select(AuditEntry).where(AuditEntry.action == action)).one()


def test_a_role_change_is_audited_and_ends_every_session(session: Session, cast: Cast, now: datetime) -> None:
    before = cast.li_na.get_id()

    change_role(session, cast.li_na, role=Role.BILLING_CONTACT, by=cast.wang_fang, now=now)

    assert cast.li_na.role is Role.BILLING_CONTACT
    assert cast.li_na.get_id() != before
    written = entry(session, "user.role_changed")
    assert (written.before, written.after) == ({"role": "customer_member"}, {"role": "billing_contact"})
    assert written.actor_id == cast.wang_fang.id
    with pytest.raises(rules.RoleUnchanged):
        change_role(session, cast.li_na, role=Role.BILLING_CONTACT, by=cast.wang_fang, now=now)


def test_nobody_gives_a_role_that_is_not_theirs_to_give(session: Session, cast: Cast, now: datetime) -> None:
    for role in STAFF_ROLES:
        for by in (cast.wang_fang, cast.tom, cast.mei, cast.root):
            with pytest.raises(rules.RoleNotYours):
                change_role(session, cast.li_na, role=role, by=by, now=now)
    for by in (cast.wang_fang, cast.tom, cast.mei, cast.emma):
        with pytest.raises(rules.MayNotManage):
            change_role(session, cast.tom, role=Role.ADMINISTRATOR, by=by, now=now)
    with pytest.raises(rules.MayNotManage):
        change_role(session, cast.sato, role=Role.CUSTOMER_MEMBER, by=cast.wang_fang, now=now)
    with pytest.raises(rules.MayNotManage):
        end_access(session, cast.tom, by=cast.mei, now=now)


def test_an_agent_makes_nobody_a_billing_contact_and_takes_it_from_nobody_and_a_lead_does(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.li_na.role = Role.BILLING_CONTACT
    session.flush()
    for person, role in ((cast.sato, Role.CUSTOMER_MEMBER), (cast.li_na, Role.CUSTOMER_MEMBER)):
        with pytest.raises(rules.RoleNotYours):
            change_role(session, person, role=role, by=cast.tom, now=now, reason="words")

    change_role(session, cast.li_na, role=Role.CUSTOMER_MEMBER, by=cast.mei, now=now)
    with pytest.raises(rules.RoleNotYours):
        change_role(session, cast.li_na, role=Role.BILLING_CONTACT, by=cast.tom, now=now)
    change_role(session, cast.li_na, role=Role.BILLING_CONTACT, by=cast.mei, now=now)

    assert cast.li_na.role is Role.BILLING_CONTACT


def mails(session: Session) -> list[tuple[str, str, str, str]]:
    """Kind, recipient, and the two roles of each mail."""
    return [
        (mail.kind, mail.recipient_name, mail.payload["before"], mail.payload["after"])
        for mail in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    ]


def test_whose_role_was_changed_is_told(session: Session, cast: Cast, now: datetime) -> None:
    change_role(session, cast.li_na, role=Role.BILLING_CONTACT, by=cast.wang_fang, now=now)

    assert mails(session) == [("role_changed", "李娜", "customer_member", "billing_contact")]


def test_of_the_staff_the_administrators_are_told_too_and_the_person_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    change_role(session, cast.emma, role=Role.ADMINISTRATOR, by=cast.root, now=now)

    assert mails(session) == [
        ("role_changed", "Emma Jones", "kb_editor", "administrator"),
        ("staff_role_changed", "Ada Root", "kb_editor", "administrator"),
    ]


def test_an_administrator_changes_roles_of_the_staff(session: Session, cast: Cast, now: datetime) -> None:
    change_role(session, cast.tom, role=Role.LEAD, by=cast.root, now=now)

    assert cast.tom.role is Role.LEAD
    with pytest.raises(rules.RoleNotYours):
        change_role(session, cast.tom, role=Role.BILLING_CONTACT, by=cast.root, now=now)


def test_nobody_changes_or_ends_their_own_account(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(rules.OwnAccount):
        change_role(session, cast.root, role=Role.AGENT, by=cast.root, now=now)
    with pytest.raises(rules.OwnAccount):
        end_access(session, cast.wang_fang, by=cast.wang_fang, now=now)


def test_the_last_billing_contact_never_goes_without_words(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(rules.LastContactUnexplained):
        end_access(session, cast.wang_fang, by=cast.tom, reason="  ", now=now)
    with pytest.raises(rules.LastContactUnexplained):
        change_role(session, cast.wang_fang, role=Role.CUSTOMER_MEMBER, by=cast.mei, now=now)

    end_access(session, cast.wang_fang, by=cast.tom, reason="She left the company.", now=now)

    assert not cast.wang_fang.is_active
    assert entry(session, "user.disabling_explained").after == {"reason": "She left the company."}


def test_a_billing_contact_may_end_another_one_but_not_the_last(session: Session, cast: Cast, now: datetime) -> None:
    cast.li_na.role = Role.BILLING_CONTACT
    session.flush()

    end_access(session, cast.wang_fang, by=cast.li_na, now=now)

    cast.wang_fang.disabled_at = None
    cast.li_na.disabled_at = now
    session.flush()
    with pytest.raises(rules.LastBillingContact):
        end_access(session, cast.wang_fang, by=cast.li_na, reason="words are not enough here", now=now)


def test_an_access_ends_and_returns_once_and_only_the_partner_opens_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    end_access(session, cast.li_na, by=cast.wang_fang, now=now)
    with pytest.raises(AlreadyDisabled):
        end_access(session, cast.li_na, by=cast.wang_fang, now=now)
    with pytest.raises(rules.MayNotManage):
        open_access(session, cast.li_na, by=cast.wang_fang, now=now)

    open_access(session, cast.li_na, by=cast.tom, now=now)

    assert cast.li_na.is_active
    assert entry(session, "user.enabled").actor_id == cast.tom.id
    with pytest.raises(rules.AlreadyEnabled):
        open_access(session, cast.li_na, by=cast.tom, now=now)


def test_people_of_others_do_not_exist(session: Session, cast: Cast) -> None:
    targets = (cast.li_na, cast.sato, cast.tom)

    seen = {
        actor.name: [managed_person(session, actor, person.public_id) is not None for person in targets]
        for actor in (cast.wang_fang, cast.li_na, cast.tom, cast.emma, cast.root)
    }

    assert seen == {
        cast.wang_fang.name: [True, False, False],
        cast.li_na.name: [False, False, False],
        cast.tom.name: [True, True, False],
        cast.emma.name: [False, False, False],
        cast.root.name: [True, True, True],
    }


def test_the_list_of_everyone_is_searched_and_narrowed(session: Session, cast: Cast, now: datetime) -> None:
    cast.tom.disabled_at = now
    session.flush()

    def found(**wish: object) -> list[str]:
        return [person.name for person in people_page(session, cast.root, PeopleFilter(**wish)).rows]  # type: ignore[arg-type]

    assert found(text="BECKER") == ["Tom Becker"]
    assert found(text="さくら") == ["佐藤 健"]
    assert found(text="100%") == []
    assert found(roles=STAFF_ROLES, state="active") == ["Emma Jones", "Mei Lin", "Ada Root"]
    assert found(state="disabled") == ["Tom Becker"]
    assert len(found()) == 7
    assert people_page(session, cast.emma, PeopleFilter()).rows == []


def test_who_may_not_sign_in_stands_last(session: Session, cast: Cast, now: datetime) -> None:
    cast.li_na.disabled_at = now
    session.flush()

    assert everyone_of(session, cast.lanting.id) == [cast.wang_fang, cast.li_na]

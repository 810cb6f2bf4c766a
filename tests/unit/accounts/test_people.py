"""Customers and people come into being, and go."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts import queries, rules
from helpdesk.accounts.services import create_customer, create_user, disable_user, update_profile
from helpdesk.audit.models import AuditEntry
from helpdesk.permissions import Role
from tests.cast import Cast

TENANT = "0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1009"


def test_a_customer_is_known_by_tenant_and_domain(session: Session, cast: Cast, now: datetime) -> None:
    made = create_customer(
        session, name="青云贸易", tenant_id=TENANT.upper(), domain="Qingyun.Example.", locale="zh-Hans", now=now
    )

    assert (made.tenant_id, made.domain, made.currency) == (TENANT, "qingyun.example", "CNY")
    assert queries.customer_by_domain(session, "QINGYUN.example") is made


@pytest.mark.parametrize(
    ("tenant_id", "domain"),
    [("0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1001", "new.example"), (TENANT, "lanting.partner.onmschina.cn")],
)
def test_no_two_customers_share_a_tenant_or_a_domain(
    session: Session, cast: Cast, now: datetime, tenant_id: str, domain: str
) -> None:
    with pytest.raises(rules.CustomerKnown):
        create_customer(session, name="Twice", tenant_id=tenant_id, domain=domain, locale="en", now=now)


def test_a_persons_address_is_theirs_alone_whatever_its_case(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(rules.EmailTaken, match=r"tom@partner\.example"):
        create_user(session, email="TOM@partner.example", name="Tom", role=Role.AGENT, password=None, now=now)


def test_a_customers_person_needs_a_customer_and_a_colleague_must_have_none(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(rules.CustomerNeeded):
        create_user(session, email="a@x.cn", name="A", role=Role.CUSTOMER_MEMBER, password=None, now=now)
    with pytest.raises(rules.CustomerNotAllowed):
        create_user(session, email="a@x.cn", name="A", role=Role.LEAD, password=None, now=now, customer=cast.lanting)


def test_a_new_person_lives_in_the_customers_zone_and_the_audit_trail_knows(
    session: Session, cast: Cast, now: datetime
) -> None:
    made = create_user(
        session,
        email="Mori@Sakura.example",
        name="森 葵",
        role=Role.CUSTOMER_MEMBER,
        password="correct giraffe battery",  # noqa: S106 - not a secret
        now=now,
        customer=cast.sakura,
        locale="ja",
        by=cast.root,
    )

    assert (made.email, made.time_zone, made.locale) == ("mori@sakura.example", "Asia/Tokyo", "ja")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.created")).one()
    assert (entry.object_id, entry.actor_id) == (str(made.id), cast.root.id)
    assert "giraffe" not in str(entry.after)


def test_queries_know_who_answers_and_who_pays(session: Session, cast: Cast, now: datetime) -> None:
    disable_user(session, cast.mei, now=now)

    assert queries.agents(session) == [cast.root, cast.tom]
    assert queries.people_of(session, cast.lanting.id) == [cast.wang_fang, cast.li_na]
    assert queries.billing_contacts_of(session, cast.lanting.id) == [cast.wang_fang]
    assert queries.user_by_email(session, " Tom@Partner.Example ") is cast.tom


def test_a_disabled_person_is_out_of_every_session_at_once(session: Session, cast: Cast, now: datetime) -> None:
    before = cast.tom.get_id()

    disable_user(session, cast.tom, now=now, by=cast.root)

    assert not cast.tom.is_active
    assert cast.tom.get_id() != before
    with pytest.raises(rules.AlreadyDisabled):
        disable_user(session, cast.tom, now=now)


def test_a_profile_needs_a_name_and_a_real_time_zone(session: Session, cast: Cast) -> None:
    update_profile(session, cast.tom, name=" Thomas  Becker ", locale="ja", time_zone="Asia/Tokyo")

    assert (cast.tom.name, cast.tom.locale, cast.tom.time_zone) == ("Thomas Becker", "ja", "Asia/Tokyo")
    with pytest.raises(rules.NameMissing):
        update_profile(session, cast.tom, name=" ", locale="ja", time_zone="Asia/Tokyo")

"""Pages about people: of one's organisation, of a customer, of the whole house."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.people.labels import PERMISSION, ROLE_HINT
from helpdesk.audit.models import AuditEntry
from helpdesk.permissions import GRANTS, Permission, Role
from tests.browse import Browse
from tests.cast import Cast


@pytest.fixture
def wang(session: Session, cast: Cast) -> User:
    """Wang Fang, who reads English today."""
    cast.wang_fang.locale = "en"
    session.flush()
    return cast.wang_fang


def audited(session: Session) -> list[str]:
    """Deeds about people."""
    return [
        entry.action
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        if entry.action in {"user.role_changed", "user.disabled", "user.enabled"}
    ]


def test_a_billing_contact_sees_her_people_and_nobody_elses(browse: Browse, cast: Cast, wang: User) -> None:
    page = browse.sign_in(wang).get("/organisation/people")

    assert "李娜" in page.text
    assert "Billing contact" in page.text
    assert "佐藤" not in page.text
    assert page.all("a", href="/organisation/people/invite")
    assert browse.get("/").all("a", href="/organisation/people")


@pytest.mark.parametrize("who", ["li_na", "tom", "emma"])
def test_the_page_of_an_organisation_is_for_its_billing_contacts(browse: Browse, cast: Cast, who: str) -> None:
    assert browse.sign_in(getattr(cast, who)).client.get("/organisation/people").status_code == 403


def test_a_billing_contact_changes_a_role_and_deactivates(
    browse: Browse, session: Session, cast: Cast, wang: User, app: Flask
) -> None:
    colleague = Browse(app.test_client()).sign_in(cast.li_na)
    start = f"/people/{cast.li_na.public_id}"

    assert "李娜" in browse.sign_in(wang).get(start).text
    changed = browse.post(f"{start}/role", {"role": "billing_contact"})
    assert "has the new role" in changed.text
    assert colleague.client.get("/account").status_code == 302
    ended = browse.post(f"{start}/disable", {})

    assert "can no longer sign in" in ended.text
    session.refresh(cast.li_na)
    assert (cast.li_na.role, cast.li_na.is_active) == (Role.BILLING_CONTACT, False)
    assert audited(session) == ["user.role_changed", "user.disabled"]
    assert browse.client.post(f"{start}/enable").status_code == 403
    assert "To open the account again, write to" in browse.get(start).text


@pytest.mark.parametrize("role", ["agent", "administrator", "king", ""])
def test_a_billing_contact_can_never_give_a_role_of_the_partner(
    browse: Browse, session: Session, cast: Cast, wang: User, role: str
) -> None:
    page = browse.sign_in(wang).post(f"/people/{cast.li_na.public_id}/role", {"role": role})

    assert "Nothing that you typed was lost" in page.text
    session.refresh(cast.li_na)
    assert cast.li_na.role is Role.CUSTOMER_MEMBER


def test_the_last_billing_contact_never_goes_without_words(
    browse: Browse, session: Session, cast: Cast, app: Flask
) -> None:
    start = f"/people/{cast.wang_fang.public_id}"

    page = browse.sign_in(cast.tom).post(f"{start}/disable", {"end_reason": ""})
    assert "Nobody but 王芳 gets the notices of 兰亭设计有限公司. Write down why" in page.text
    demoted = Browse(app.test_client()).sign_in(cast.mei).post(f"{start}/role", {"role": "customer_member"})
    assert "Write down why" in demoted.text
    session.refresh(cast.wang_fang)
    assert cast.wang_fang.is_active
    browse.post(f"{start}/disable", {"end_reason": "She left."})

    session.refresh(cast.wang_fang)
    assert not cast.wang_fang.is_active


def test_one_cannot_end_ones_own_account(browse: Browse, session: Session, cast: Cast, wang: User) -> None:
    start = f"/people/{wang.public_id}"

    page = browse.sign_in(wang).get(start)
    assert "This is you" in page.text
    assert not page.all("form", action=f"{start}/disable")
    refused = browse.post(f"{start}/disable", {})

    assert "You cannot change your own role" in refused.said or "This is you" in refused.text
    session.refresh(wang)
    assert wang.is_active


def test_people_of_others_are_404_whatever_is_tried(browse: Browse, session: Session, cast: Cast, wang: User) -> None:
    browse.sign_in(wang)
    for target in (cast.sato, cast.tom):
        start = f"/people/{target.public_id}"
        assert browse.client.get(start).status_code == 404
        assert browse.client.post(f"{start}/role", data={"role": "customer_member"}).status_code == 404
        assert browse.client.post(f"{start}/disable").status_code == 404
    browse.sign_in(cast.tom)
    for target in (cast.mei, cast.root):
        start = f"/people/{target.public_id}"
        assert [browse.client.post(f"{start}/{deed}").status_code for deed in ("disable", "enable")] == [404] * 2
    assert audited(session) == []


def test_an_agent_looks_after_the_people_of_a_customer(browse: Browse, session: Session, cast: Cast) -> None:
    start = f"/people/{cast.li_na.public_id}"
    browse.sign_in(cast.tom)
    link = f"/work/customers/{cast.lanting.public_id}/people"

    assert browse.get(f"/work/customers/{cast.lanting.public_id}").all("a", href=link)
    assert "李娜" in browse.get(link).text
    browse.post(f"{start}/disable", {})
    assert "Deactivated" in browse.get(link).text
    page = browse.post(f"{start}/enable")

    assert "can sign in again" in page.text
    assert audited(session) == ["user.disabled", "user.enabled"]
    assert browse.client.get("/work/customers/nobody/people").status_code == 404


def test_an_agent_changes_no_role_and_is_offered_none_and_a_lead_is(
    browse: Browse, session: Session, cast: Cast, app: Flask
) -> None:
    start = f"/people/{cast.li_na.public_id}"

    page = browse.sign_in(cast.tom).get(start)
    assert "Change the role" not in page.text
    assert "Roles are changed by a team lead" in page.text
    assert browse.client.post(f"{start}/role", data={"role": "billing_contact"}).status_code == 403
    invite = browse.get(f"/work/customers/{cast.lanting.public_id}/people/invite")
    assert [option["value"] for option in invite.all("input", type="radio")] == ["customer_member"]
    lead = Browse(app.test_client()).sign_in(cast.mei)
    lead.post(f"{start}/role", {"role": "billing_contact"})

    assert audited(session) == ["user.role_changed"]


def test_a_customer_without_people_says_what_to_do(browse: Browse, session: Session, cast: Cast) -> None:
    cast.sato.disabled_at = cast.sato.created_at
    session.flush()

    page = browse.sign_in(cast.tom).get(f"/work/customers/{cast.sakura.public_id}/people")

    assert "Deactivated" in page.text


def test_an_administrator_finds_anybody_and_changes_roles(browse: Browse, session: Session, cast: Cast) -> None:
    browse.sign_in(cast.root)

    assert browse.get("/work/administration").all("a", href="/work/administration/people")
    everyone = browse.get("/work/administration/people")
    assert "佐藤 健" in everyone.text
    assert "Tom Becker" in everyone.text
    staff = browse.get("/work/administration/people?role=staff&q=becker")
    assert "Tom Becker" in staff.text
    assert "佐藤 健" not in staff.text
    assert "Nobody found" in browse.get("/work/administration/people?q=nobody+at+all").text
    browse.get("/work/administration/people?role=king&state=asleep&after=%00")
    page = browse.post(f"/people/{cast.tom.public_id}/role", {"role": "lead"})

    assert "Team lead" in page.text
    assert audited(session) == ["user.role_changed"]


def test_a_role_change_asks_who_it_is(browse: Browse, session: Session, cast: Cast) -> None:
    page = browse.sign_in(cast.root, fresh=False).post(f"/people/{cast.tom.public_id}/role", {"role": "lead"})

    assert "Confirm that it is you" in page.text
    session.refresh(cast.tom)
    assert cast.tom.role is Role.AGENT


def test_the_table_of_roles_is_the_one_that_the_code_asks(browse: Browse, cast: Cast) -> None:
    page = browse.sign_in(cast.root).get("/work/administration/roles")

    shown = {cell["data-grant"] for cell in page.all("td") if "data-grant" in cell}
    assert shown == {
        f"{role}:{permission}:{'yes' if permission in GRANTS[role] else 'no'}"
        for role in Role
        for permission in Permission
    }


def test_every_permission_and_role_has_words(app: Flask) -> None:
    assert set(PERMISSION) == set(Permission)
    assert set(ROLE_HINT) == set(Role)
    with app.test_request_context(), force_locale("ja"):
        assert len({str(words) for words in PERMISSION.values()}) == len(PERMISSION)


@pytest.fixture
def counted() -> Iterator[list[str]]:
    """Statements as they are sent."""
    seen: list[str] = []

    def note(_connection: sa.Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", note)
    yield seen
    event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/work/administration/people", "/work/customers/{}/people"])
def test_the_lists_cost_the_same_however_long_they_are(
    browse: Browse, session: Session, cast: Cast, counted: list[str], path: str
) -> None:
    path = path.format(cast.lanting.public_id)
    browse.sign_in(cast.root).get(path)
    counted.clear()
    browse.get(path)
    few = len(counted)
    for number in range(20):
        person = User(
            email=f"p{number}@lanting.example",
            name=f"P {number}",
            role=Role.CUSTOMER_MEMBER,
            customer=cast.lanting,
            created_at=cast.tom.created_at,
        )
        session.add(person)
    session.flush()
    counted.clear()
    browse.get(path)

    assert len(counted) == few


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_pages_speak_every_language(browse: Browse, session: Session, cast: Cast, locale: str) -> None:
    cast.root.locale = locale
    session.flush()
    browse.sign_in(cast.root)

    for path in (
        "/work/administration/people",
        "/work/administration/roles",
        "/work/administration/people/invite",
        f"/people/{cast.li_na.public_id}",
        f"/work/customers/{cast.lanting.public_id}/people",
    ):
        assert browse.get(path).all("html")[0]["lang"] == locale

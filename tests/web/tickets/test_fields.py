"""Fields of the partner's own, from the lead's page to the customer's ticket."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.tickets.models import CustomField, Ticket
from tests.browse import Browse
from tests.cast import Cast

PLACE = "/work/desk/fields"
KIND = {
    "topic": "question",
    "kind": "choice",
    "en": "Kind of fapiao",
    "zh": "发票类型",
    "choices": "Special | 专用发票 | 専用\nPlain | 普通发票",
    "required": "y",
    "for_customer": "y",
}
SECRET = {"topic": "question", "kind": "money", "en": "What we could give"}


def made(browse: Browse, cast: Cast, session: Session, *words: dict[str, str]) -> list[CustomField]:
    browse.sign_in(cast.mei)
    for each in words:
        browse.post(f"{PLACE}/new", each)
    return list(session.scalars(sa.select(CustomField).order_by(CustomField.id)))


def test_a_customer_is_asked_in_her_language_and_sees_her_answer(browse: Browse, cast: Cast, session: Session) -> None:
    kind, secret = made(browse, cast, session, KIND, SECRET)
    name = f"own_{kind.public_id}"
    form = {"topic": "question", "subject": "Fapiao", "body": "Please.", "key": "k1"}
    browse.sign_in(cast.wang_fang)

    page = browse.get("/tickets/new?topic=question")
    refused = browse.post("/tickets/new", form)
    sent = browse.post("/tickets/new", form | {name: "Special"})

    assert "发票类型" in page.text
    assert "专用发票" in page.text
    assert not page.all("input", name=f"own_{secret.public_id}")
    assert session.scalars(sa.select(sa.func.count(Ticket.id))).one() == 1
    assert refused.all("select", name=name, aria_invalid="true")
    assert "专用发票" in sent.text


def test_an_agent_changes_answers_and_the_customer_never_sees_what_is_ours(
    browse: Browse, cast: Cast, session: Session
) -> None:
    kind, secret = made(browse, cast, session, KIND, SECRET)
    form = {"topic": "question", "subject": "Fapiao", "body": "Please.", "key": "k1", f"own_{kind.public_id}": "Plain"}
    browse.sign_in(cast.wang_fang).post("/tickets/new", form)
    place = "/work/tickets/T-1001/fields"
    both = {f"own_{kind.public_id}": "Special", f"own_{secret.public_id}": "88.50"}
    browse.sign_in(cast.tom)

    wrong = browse.post(place, both | {f"own_{secret.public_id}": "plenty"})
    shown = browse.post(place, both)
    again = browse.get(place)
    customers = browse.sign_in(cast.wang_fang).get("/tickets/T-1001")

    assert "Write an amount, such as 1234.50." in wrong.text
    assert "CN¥88.50" in shown.text
    assert "Kind of fapiao: Plain to Special" in shown.text
    assert again.all("input", name=f"own_{secret.public_id}")[0]["value"] == "88.50"
    assert "88.50" not in customers.text
    assert "What we could give" not in customers.text


def test_a_lead_changes_a_field_and_asks_it_no_more(browse: Browse, cast: Cast, session: Session) -> None:
    kind, secret = made(browse, cast, session, KIND, SECRET)
    place = f"{PLACE}/{kind.public_id}"

    shown = browse.get(place)
    renamed = browse.post(place, KIND | {"en": "Which fapiao"})
    moved = browse.post(f"{PLACE}/{secret.public_id}/up")
    retired = browse.post(f"{place}/retire")
    restored = browse.post(f"{place}/restore")
    nameless = browse.post(place, KIND | {"en": ""})

    assert "Special | 专用发票 | 専用" in shown.text
    assert "Which fapiao" in renamed.text
    assert moved.text.index("What we could give") < moved.text.index("Which fapiao")
    assert "not asked any more" in retired.text
    assert "not asked any more" not in restored.text
    assert "Give the field a name in English at least." in nameless.text


def test_fields_are_for_leads_to_decide(browse: Browse, cast: Cast, session: Session) -> None:
    made(browse, cast, session, KIND)
    for person in (cast.tom, cast.wang_fang):
        browse.sign_in(person).get(PLACE, status=403)
    browse.sign_in(cast.wang_fang).get("/work/tickets/T-1001/fields", status=403)


def test_a_topic_without_such_fields_says_so(browse: Browse, cast: Cast) -> None:
    form = {"topic": "question", "subject": "Fapiao", "body": "Please.", "key": "k1"}
    browse.sign_in(cast.wang_fang).post("/tickets/new", form)

    assert "Nothing more is asked about this topic." in browse.sign_in(cast.tom).get("/work/tickets/T-1001/fields").text

"""What 21Vianet gets to read: whole, exact, and nothing else."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from helpdesk.escalations.bundle import FileLost, table_of, write_bundle
from helpdesk.files.store import MemoryFileStore
from helpdesk.tickets.models import Topic
from helpdesk.tickets.services import add_note, reply
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, add_subscription, make_line
from tests.unit.escalations.stage import ask, bill, csv_rows, files, prepared
from tests.unit.files.samples import pdf

DISPUTE_ZH = """\
您好！我方（蓝禾云）作为该客户的云解决方案提供商，就以下计费问题请求世纪互联提供支持。

一、客户信息
客户名称：兰亭设计有限公司
Microsoft ID（租户 ID）：0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1001
域名：lanting.partner.onmschina.cn

二、问题说明（计费争议）
客户自 7 月 20 日起为 12 个席位，仍按 15 个收费。

三、涉及的订阅和费用
1. Office 365 商业高级版
   OrderId：ORD-7F31
   SubscriptionId：VSUB-1
   合作伙伴中心显示的订阅 ID（SyndicationPartnerSubscriptionNumber）：3d5b7a10-1111-4222-8333-000000000001
   费用类型：Cycle fee，2026-07-15 至 2026-08-14
   单价 CNY 11.00，数量 15，小计 CNY 165.00，税额 CNY 9.90，合计 CNY 174.90
   对账文件：2026-10.csv #2
涉及金额：CNY 174.90

四、我方已采取的措施
核对了合作伙伴中心的席位变更记录与对账文件。

五、我方无法自行解决的原因
缺少必要的支持工具。席位记录只在账单平台中，我方无法查看。

六、请求世纪互联协助
请核对上述费用。如有误，请以 Offset line item 冲抵，并告知将体现在哪一期对账文件中；如无误，请提供计算依据，以便我方向客户解释。
严重程度：中等

七、联系方式
Tom Becker，tom@partner.example
请直接与我方联系，请勿联系客户。"""  # noqa: E501 - as the packet has it

EXPECTED = {
    Topic.QUESTION: ("账单咨询", "请说明该项费用的计算方法和依据", "Billing question", "how this charge is calculated"),
    Topic.DISPUTE: ("计费争议", "以 Offset line item 冲抵", "Billing dispute", "correct it with an Offset line item"),
    Topic.REFUND: ("退款与抵扣", "是否应获得退款或抵扣", "Refund or credit", "is due a refund or credit"),
    Topic.PAYMENT_MADE: ("付款核对", "订阅的结算状态", "Payment check", "the settlement state of the subscription"),
    Topic.FAPIAO: ("发票开具", "发票的开具状态", "Fapiao", "the state of the fapiao"),
    Topic.SUSPENSION: (
        "订阅暂停与重新激活",
        "当前状态和暂停原因",
        "Suspension and reactivation",
        "why it was suspended",
    ),
    Topic.POLICY: ("计费条款", "适用于该情况的计费条款", "Billing terms", "which billing terms apply"),
    Topic.OTHER: ("其他计费问题", "请协助核实", "Other billing issue", "Please look into this"),
}


def test_the_text_of_a_disputed_charge_reads_as_a_person_would_write_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    packet = prepared(session, cast, now=now).packet

    assert packet.value("description_zh") == DISPUTE_ZH
    assert packet.value("title_zh") == (
        "计费争议：兰亭设计有限公司，Office 365 商业高级版，2026-07-15 至 2026-08-14，涉及 CNY 174.90"
    )
    assert packet.value("title_en") == (
        "Billing dispute: 兰亭设计有限公司, Office 365 商业高级版, 2026-07-15 to 2026-08-14, CNY 174.90 at stake"
    )


@pytest.mark.parametrize("topic", list(Topic))
def test_each_topic_asks_for_what_it_needs_in_both_languages(
    session: Session, cast: Cast, now: datetime, topic: Topic
) -> None:
    name_zh, ask_zh, name_en, ask_en = EXPECTED[topic]
    invoice = bill(session, cast, now=now)

    packet = prepared(session, cast, now=now, ticket=ask(session, cast, now=now, topic=topic, invoice=invoice)).packet

    chinese, english = packet.value("description_zh"), packet.value("description_en")
    assert packet.value("title_zh").startswith(f"{name_zh}：")
    assert f"（{name_zh}）" in chinese
    assert ask_zh in chinese
    assert f"({name_en})" in english
    assert ask_en in english


def test_the_identifiers_come_from_21vianets_own_row(session: Session, cast: Cast, now: datetime) -> None:
    packet = prepared(session, cast, now=now).packet

    charge = {field["key"]: field["value"] for field in packet.fields if field["charge"] == 1}
    assert charge["order_id"] == "ORD-7F31"
    assert charge["subscription_id"] == "VSUB-1"
    assert charge["portal_subscription_id"] == "3d5b7a10-1111-4222-8333-000000000001"
    assert charge["source"] == "2026-10.csv #2"


def test_a_line_without_a_row_falls_back_to_its_subscription(session: Session, cast: Cast, now: datetime) -> None:
    subscription = add_subscription(session, cast.lanting)
    invoice = add_invoice(session, cast.lanting, now=now, lines=[make_line(subscription=subscription)])

    packet = prepared(session, cast, now=now, ticket=ask(session, cast, now=now, invoice=invoice)).packet

    charge = {field["key"]: field["value"] for field in packet.fields if field["charge"] == 1}
    assert charge["order_id"] == subscription.order_id
    assert charge["subscription_id"] == subscription.vnet_subscription_id
    assert "source" not in charge


def test_a_case_about_a_subscription_alone_names_it(session: Session, cast: Cast, now: datetime) -> None:
    subscription = add_subscription(session, cast.lanting)
    ticket = ask(session, cast, now=now, topic=Topic.SUSPENSION, subscription=subscription)

    packet = prepared(session, cast, now=now, ticket=ticket, subscription=subscription).packet

    assert f"SubscriptionId：{subscription.vnet_subscription_id}" in packet.value("description_zh")
    assert "费用类型" not in packet.value("description_zh")


def test_sections_are_numbered_without_a_gap(session: Session, cast: Cast, now: datetime) -> None:
    ticket = ask(session, cast, now=now, topic=Topic.POLICY)

    packet = prepared(session, cast, now=now, ticket=ticket).packet

    assert "三、我方已采取的措施" in packet.value("description_zh")
    assert "6. Contact" in packet.value("description_en")


def test_no_note_no_message_no_other_customer_and_no_unchosen_file_enters_a_packet(
    session: Session, cast: Cast, now: datetime
) -> None:
    store = MemoryFileStore()
    ticket = ask(session, cast, now=now, invoice=bill(session, cast, now=now))
    add_note(
        session, ticket, body="SECOND-CANARY", by=cast.mei, now=now, files=files(("canary.pdf", pdf())), store=store
    )
    reply(session, ticket, body="REPLY-CANARY", by=cast.tom, now=now)
    foreign = add_invoice(session, cast.sakura, now=now, number="FOREIGN-CANARY")

    case = prepared(session, cast, now=now, ticket=ticket, notes=tuple(ticket.messages))

    target = io.BytesIO()
    write_bundle(target, case.packet, store=store)
    archive = zipfile.ZipFile(target)
    everything = " ".join(archive.namelist()) + "".join(archive.read(name).decode() for name in archive.namelist())
    for canary in ("CANARY", "canary.pdf", foreign.number, cast.sakura.name, "我们只有 12 个席位", "margin"):
        assert canary not in everything
        assert canary not in str(case.packet.fields)


def test_a_chosen_file_goes_along_even_from_a_note(session: Session, cast: Cast, now: datetime) -> None:
    store = MemoryFileStore()
    ticket = ask(session, cast, now=now, invoice=bill(session, cast, now=now))
    note = add_note(session, ticket, body="x", by=cast.tom, now=now, files=files(("席位.pdf", pdf())), store=store)
    more = add_note(session, ticket, body="x", by=cast.tom, now=now, files=files(("席位.pdf", pdf())), store=store)

    case = prepared(session, cast, now=now, ticket=ticket, attachments=(*note.attachments, *more.attachments))

    target = io.BytesIO()
    write_bundle(target, case.packet, store=store)
    archive = zipfile.ZipFile(target)
    assert archive.namelist()[-2:] == ["files/席位.pdf", "files/席位 (2).pdf"]
    assert archive.read("files/席位.pdf") == pdf()
    assert "附件：席位.pdf、席位.pdf" in archive.read("packet-zh-Hans.txt").decode()


def test_a_file_that_was_lost_is_named(session: Session, cast: Cast, now: datetime) -> None:
    store = MemoryFileStore()
    ticket = ask(session, cast, now=now, invoice=bill(session, cast, now=now))
    note = add_note(session, ticket, body="x", by=cast.tom, now=now, files=files(("slip.pdf", pdf())), store=store)
    case = prepared(session, cast, now=now, ticket=ticket, attachments=tuple(note.attachments))

    with pytest.raises(FileLost, match=r"slip\.pdf"):
        write_bundle(io.BytesIO(), case.packet, store=MemoryFileStore())


def test_no_cell_of_the_table_is_a_formula(session: Session, cast: Cast, now: datetime) -> None:
    case = prepared(session, cast, now=now, contact_name="=HYPERLINK(1)")

    rows = csv_rows(table_of(case.packet))

    assert ["", "contact", "'=HYPERLINK(1), tom@partner.example"] in rows
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_template_signs_in_what_was_typed_stay_as_typed(session: Session, cast: Cast, now: datetime) -> None:
    case = prepared(session, cast, now=now, facts="{{ 7 * 7 }} {% raw %}")

    assert "{{ 7 * 7 }} {% raw %}" in case.packet.value("description_en")

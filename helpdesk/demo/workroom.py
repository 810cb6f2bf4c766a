"""What agents keep beside the tickets of the demonstration: prepared answers, tags, views of the queue."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.tickets.models import Ticket, Topic
from helpdesk.tickets.services.desk import keep_macro, set_tags
from helpdesk.tickets.services.views import save_view

_ANSWERS: Final = (
    (
        "Ask for the bank slip", Topic.PAYMENT_MADE, "bank-slip",
        {
            "en": "Hello {{ requester.name }},\n\nthank you for telling us. We do not see the payment for {{ invoice.number }} on our account yet. Please upload the bank slip on the invoice: while we look at it, no further notice goes out.",
            "zh-Hans": "{{ requester.name }}，您好：\n\n感谢告知。{{ invoice.number }} 的款项目前尚未到账。请在该账单页面上传银行回单；在我们核对期间，不会再发出通知。",
            "ja": "{{ requester.name }} 様\n\nご連絡ありがとうございます。{{ invoice.number }} のご入金はまだ確認できておりません。請求書のページから振込明細をアップロードしてください。確認が終わるまで次の通知はお送りしません。",
        },
    ),
    (
        "Explain a prorated charge", Topic.QUESTION, "proration",
        {
            "en": "Hello {{ requester.name }},\n\nthe amount counts only the days on which the seats existed. Open the invoice and choose “What is this?” beside the line: the days, the seats and the price are worked out there.",
            "zh-Hans": "{{ requester.name }}，您好：\n\n该金额只计算席位存在的天数。请打开账单，在该行旁点击“这是什么？”，其中列出了天数、席位数和单价的计算过程。",
            "ja": "{{ requester.name }} 様\n\nこの金額は、シートが存在した日数分だけを計算したものです。請求書を開き、明細の横の「これは何ですか？」をお選びください。日数・シート数・単価の計算をご覧いただけます。",
        },
    ),
    (
        "Your case is with 21Vianet", Topic.DISPUTE, "",
        {
            "en": "Hello {{ requester.name }},\n\nwe could not settle {{ ticket.ref }} on our own and handed it to 21Vianet, who operates the service. You stay in touch with us alone, and the disputed amount does not count as overdue meanwhile.",
            "zh-Hans": "{{ requester.name }}，您好：\n\n我们无法独自解决 {{ ticket.ref }}，已将其转交运营该服务的世纪互联。您只需与我们联系；在此期间，争议金额不计入逾期。",
            "ja": "{{ requester.name }} 様\n\n{{ ticket.ref }} は弊社だけでは解決できないため、サービスを運営する 21Vianet に引き継ぎました。お客様の窓口は引き続き弊社です。その間、異議のある金額は延滞として扱われません。",
        },
    ),
    (
        "Fapiao: details we need", Topic.FAPIAO, "fapiao",
        {
            "en": "Hello {{ requester.name }},\n\nplease send us the title, the taxpayer number, and the address for the fapiao of {{ invoice.number }}.",
            "zh-Hans": "{{ requester.name }}，您好：\n\n请提供 {{ invoice.number }} 的开票抬头、纳税人识别号和收件地址。",
            "ja": "{{ requester.name }} 様\n\n{{ invoice.number }} の発票（ファーピャオ）について、宛名・納税者番号・送付先をお知らせください。",
        },
    ),
)  # fmt: skip
_TAGS: Final = {
    Topic.DISPUTE: ("renewal", "21vianet"),
    Topic.PAYMENT_MADE: ("bank-slip",),
    Topic.FAPIAO: ("fapiao",),
    Topic.SUSPENSION: ("urgent-call",),
}
_VIEWS: Final = (
    ("mei.lin", "Disputes above 1,000", "view=all&topic=dispute&disputed=1000&sort=age", True),
    ("mei.lin", "Bank slips to check", "view=all&tag=bank-slip&sort=clock", True),
    ("tom.becker", "日本語のチケット", "view=all&locale=ja&sort=updated", False),
)
"""Owner, name, address, and whether the team sees it."""


def load_workroom(session: Session, people: dict[str, User], *, now: datetime) -> None:
    """Keep the prepared answers, tag the tickets by topic, and name some views."""
    lead = people["mei.lin@partner.example"]
    for name, topic, tag, bodies in _ANSWERS:
        keep_macro(session, None, name=name, bodies=bodies, topic=topic, tag=tag, by=lead, now=now)
    for ticket in session.scalars(select(Ticket).where(Ticket.topic.in_(_TAGS))):
        set_tags(session, ticket, tags=_TAGS[ticket.topic], by=ticket.owner or lead, now=now)
    for owner, name, query, shared in _VIEWS:
        save_view(session, owner=people[f"{owner}@partner.example"], name=name, query=query, shared=shared, now=now)

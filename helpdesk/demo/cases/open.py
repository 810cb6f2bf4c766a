"""Tickets whose cases with 21Vianet are still open, or about to be handed over."""

from __future__ import annotations

from typing import Final

from helpdesk.demo.escalation import Case, Contact
from helpdesk.demo.stories import Story
from helpdesk.escalations.models import Channel, ContactEffect, Direction, EscalationReason, Outcome, Severity
from helpdesk.tickets.models import Priority, TicketState, Topic

_R = EscalationReason

OPEN_CASES: Final = (
    Story(
        "greenvalley", "amelia", Topic.QUESTION, TicketState.OPEN, 3,
        "Why is the tax on our last invoice not a round percentage?",
        "The tax column does not add up to six percent of the subtotal when I check it with a calculator.",
        note="Rounding per line, most likely. Not sure how 21Vianet rounds.",
        answer="We need this for the audit on Friday.",
        case=Case(
            _R.DOCUMENTATION, "Rounding rule unknown.",
            facts="Tax of one invoice looks wrong.",
            tried="Added up the lines.",
        ),
    ),
    Story(
        "nordwind", "jonas", Topic.REFUND, TicketState.OPEN, 2,
        "Refund for six months of E3 seats that had moved to another agreement",
        "Our 80 E3 seats were taken over by the group’s agreement in May, and we were charged for them here until now. Please "
        "have the six months refunded.",
        priority=Priority.HIGH,
        amount="85478.40",
        query="who approves a refund",
        note="The group’s agreement is not ours, so we cannot see from when its seats count. Six times 14,246.40.",
        answer="The letter of our head office is attached to my first message.",
        file="group-agreement.pdf",
        case=Case(
            _R.SUPPORT_TOOLS, "We see our own subscription alone, not from when the seats of the other agreement count.",
            facts="80 E3 seats were charged here from May to October although the customer’s group had taken them into its own "
            "agreement. The customer asks for six monthly fees back.",
            tried="Compared six reconciliation files with the letter of the group; all six months were charged in full.",
            severity=Severity.CRITICAL, offer="e3", charge="Cycle fee",
        ),
    ),
    Story(
        "sakura", "sato", Topic.QUESTION, TicketState.WITH_21VIANET, 6,
        "値上げの通知がないまま単価が変わっています",
        "価格改定の通知を受け取った記録がありません。更新前の見積書を添付しますので、単価をご確認ください。",
        owner="liu.yang",
        note="见积书单价与价目表不符，我们查不到该价格的生效日期。",
        file="estimate-2026.pdf",
        case=Case(
            _R.SUPPORT_TOOLS, "合作伙伴中心只显示现行价格，看不到该订阅续订时锁定的价格。",
            facts_before="单价与报价单不符。",
            facts="客户的报价单单价低于本期账单单价，客户称未收到涨价通知。请确认该订阅续订时的价格及其生效日期。",
            tried="核对了三期对账文件中的 UnitPrice 和合作伙伴中心的现行价目表；两处一致，但都不显示价格从何时生效。",
            offer="business", charge="Cycle fee", number="SR-2026-105230",
            contacts=(
                Contact(2.1, "已受理，转交价格团队核实。", who="高工"),
                Contact(
                    5.9, "价格团队需要报价单原件和客户确认订阅续订的日期，收到后继续处理。",
                    channel=Channel.PORTAL, who="高工", effect=ContactEffect.INFORMATION_REQUESTED,
                ),
            ),
        ),
    ),
    Story(
        "harbour", "grace", Topic.DISPUTE, TicketState.WITH_21VIANET, 16,
        "The discount that was agreed for this year is missing",
        "Last year’s invoices had a line with a discount on the monthly fee. This one charges the full price.",
        owner="liu.yang",
        line="Cycle fee",
        note="No discount line in the reconciliation file either. The promotion ended for new orders, not for running terms.",
        reply="Thank you for telling us. The discount should last until your term ends; we are asking 21Vianet.",
        case=Case(
            _R.DOCUMENTATION, "Nothing we have says whether a running term keeps a promotion that ended for new orders.",
            facts="The monthly fee carried a Cycle discount until last year. The promotion ended for new orders; the term of "
            "this subscription began before that, and the discount is gone.",
            tried="Looked for a discount row in the last three reconciliation files and for the end date of the promotion.",
            number="SR-2026-103871",
        ),
    ),
    Story(
        "towa", "yamamoto", Topic.REFUND, TicketState.OPEN, 10,
        "減らしたシートの返金が見当たりません",
        "先月 3 シート減らしましたが、返金の明細がまだありません。いつ反映されますか。",
        note="Decrease shows in Partner Center, no Cancel instance prorate row so far.",
        case=Case(
            _R.SUPPORT_TOOLS, "The order history is not shown to us, only its result.",
            facts="Three E3 seats were given back last month. The seats are gone, the row with the refund is missing.",
            tried="Searched the newest reconciliation file for Cancel instance prorate rows of this SubscriptionId: none.",
            offer="e3", number="SR-2026-104902",
            contacts=(
                Contact(
                    1.2, "Sent the date of the change and the name of the person who made it.",
                    direction=Direction.FROM_US, channel=Channel.PORTAL, who="",
                ),
            ),
            outcome=Outcome.EXPLAINED, answered_after=8.5,
            answer="The seats were given back one day after the file was closed. The refund is a row of the next file.",
        ),
    ),
)  # fmt: skip

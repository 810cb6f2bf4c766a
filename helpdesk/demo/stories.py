"""Tickets of the demonstration: what people asked, and how far it went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from helpdesk.demo.escalation import Case, Contact
from helpdesk.escalations.models import EscalationReason
from helpdesk.tickets.models import Priority, TicketState, Topic


@dataclass(frozen=True, slots=True)
class Story:
    """One ticket, told from its beginning to `state`."""

    organisation: str
    person: str
    """Local part of the requester's address."""
    topic: Topic
    state: TicketState
    days_ago: int
    subject: str
    body: str
    owner: str = "tom.becker"
    priority: Priority = Priority.NORMAL
    note: str = ""
    reply: str = ""
    answer: str = ""
    """The customer's answer to the reply."""
    explanation: str = ""
    line: str = ""
    """Charge type of the invoice line it is about, in the newest invoice."""
    amount: str = ""
    file: str = ""
    """Name of the file that came with the question."""
    query: str = ""
    """What was searched for before the ticket was opened."""
    case: Case | None = None
    """What was made of it at 21Vianet."""
    rating: int = 0


STORIES: Final = (
    Story(
        "harbour", "grace", Topic.DISPUTE, TicketState.NEW, 0,
        "Two Project seats were cancelled, but the refund looks too small",
        "We gave back two Project Plan 3 seats in the middle of the month. I expected half a month back for both, the invoice "
        "shows less. Which days were counted?",
        line="Cycle instance prorate",
    ),
    Story(
        "minato", "suzuki", Topic.FAPIAO, TicketState.NEW, 0,
        "9月分の発票（ファーピャオ）の宛名を変更したい",
        "社名変更に伴い、発票の宛名を「みなと物流（上海）有限公司」に変更していただけますか。納税者番号は変わりません。",
    ),
    Story(
        "baichuan", "he.lin", Topic.QUESTION, TicketState.NEW, 1,
        "账单上的“Cycle fee”是什么费用？",
        "这个月账单上有一行 Cycle fee，和上个月金额一样，请问是每个月固定的费用吗？",
    ),
    Story(
        "greenvalley", "amelia", Topic.PAYMENT_MADE, TicketState.OPEN, 2,
        "Payment was sent last Friday but the invoice still shows as overdue",
        "Our bank confirms the transfer left our account on Friday. Could you check whether it arrived? I can send the slip.",
        priority=Priority.HIGH,
        note="Bank statement checked: nothing received up to yesterday. Ask for the slip before the next reminder goes out.",
    ),
    Story(
        "mingde", "zhou.min", Topic.REFUND, TicketState.OPEN, 3,
        "申请退还多买的 5 个席位",
        "上个月误多买了 5 个 E3 席位，发现后当天就减少了，想确认剩余天数的费用什么时候退回。",
        owner="liu.yang",
        reply="您好，减少席位后未使用天数的费用会以“Cancel instance prorate”出现在下一期账单中。我正在核对减少席位的日期。",
        answer="好的，减少席位是在 12 号下午操作的。",
    ),
    Story(
        "sakura", "tanaka", Topic.QUESTION, TicketState.WAITING_CUSTOMER, 4,
        "請求書の金額が先月と違う理由を教えてください",
        "ユーザー数は変わっていないはずですが、今月の請求額が先月より高くなっています。",
        owner="liu.yang",
        reply="お問い合わせありがとうございます。今月は 10 日にシートが 2 つ追加されています。社内でどなたが追加されたかご確認いただけますか。",
    ),
    Story(
        "hailan", "sun.hao", Topic.PAYMENT_MADE, TicketState.WAITING_CUSTOMER, 6,
        "已付 60%，剩余部分本月底支付",
        "因审批流程，先支付了账单的 60%，剩余部分计划本月底支付，请不要暂停订阅。",
        priority=Priority.HIGH,
        note="Partial payment recorded. The rest keeps its due date; tell him which date is the next stage.",
        reply="您好，已收到部分付款并登记。剩余金额仍按原到期日计算，若月底前付清，订阅不会受影响。请在付款后上传银行回单。",
    ),
    Story(
        "nordwind", "jonas", Topic.DISPUTE, TicketState.WITH_21VIANET, 9,
        "Renewal fee charged on top of the monthly fee",
        "Our Dynamics subscription renews in March, yet this invoice has a renewal fee besides the monthly fee. We think it was "
        "charged by mistake.",
        priority=Priority.HIGH,
        line="Renew fee",
        note="Term end is in March, the renewal fee is in the reconciliation file too. Nothing in our tools shows why.",
        reply="Thank you, you are right to ask: your term does not end before March. We are taking it up with 21Vianet and will "
        "come back to you; until then the amount does not count as overdue.",
        case=Case(
            EscalationReason.SUPPORT_TOOLS,
            "Our tools show the charge in the reconciliation file, not the renewal order that caused it.",
            facts="A renewal fee was charged five months before the end of the term, besides the monthly fee.",
            tried="Compared the term dates of the subscription with the reconciliation file; sought a renewal order.",
            number="SR-2026-104417",
            contacts=(
                Contact(8, "They see the fee and no renewal order. The billing team will look at it; no date given."),
            ),
        ),
    ),
    Story(
        "towa", "yamamoto", Topic.DISPUTE, TicketState.RESOLVED, 12,
        "購入月の日割り計算について",
        "サブスクリプションを購入した月の請求が、日数から計算した金額と合わないように見えます。ご確認をお願いします。",
        owner="liu.yang",
        line="Prorate fees when purchase",
        reply="確認いたします。購入日と日数を 21Vianet の調整ファイルと照合しています。",
        explanation="購入日から請求期間の末日までの日数で計算されています。1 シートの月額 × シート数 ÷ その月の日数 × 利用日数で、"
        "請求書の金額と一致することを確認しました。計算の内訳は請求書の「これは何ですか？」でもご覧いただけます。",
    ),
    Story(
        "qiming", "luo.yan", Topic.REFUND, TicketState.RESOLVED, 8,
        "“Offset line item” 是退款吗？",
        "这期账单出现了一行负数的 Offset line item，请问对应的是哪一笔费用？",
        reply="您好，正在核对这笔冲抵对应的原始费用。",
        explanation="这是上上期多收的 2 个席位费用的退款，含税一并冲抵。金额已从本期账单中扣除，您无需再做任何操作。",
    ),
    Story(
        "yunshan", "wu.di", Topic.SUSPENSION, TicketState.OPEN, 5,
        "同事们今天都登录不了，需要多久恢复？",
        "早上开始所有老师都无法登录，管理员账号可以进。我们已经在走付款流程，请问付款后多久恢复？",
        priority=Priority.URGENT,
        owner="liu.yang",
        note="订阅已因逾期暂停。付款到账后立即申请重新激活，注意 60 天期限。",
        reply="您好，因账单逾期，订阅已被暂停：用户无法登录，管理员仍可登录并导出数据。收到付款后我们会在当天申请重新激活。"
        "请务必在通知所列日期之前完成付款，逾期数据将被删除。",
        answer="明白，财务说明天可以付款。",
    ),
    Story(
        "lanting", "li.na", Topic.QUESTION, TicketState.CLOSED, 33,
        "新增席位从哪一天开始收费？",
        "我们打算在月中给新同事增加席位，想先了解费用是从增加当天算，还是从下个月算。",
        reply="您好，从增加当天开始按剩余天数计费，下一期起按新的席位数收取整月费用。",
        explanation="增加席位当天起按天计费：账单上先冲回原席位剩余天数的预付费用，再按新的席位数收取剩余天数的费用。",
        rating=5,
    ),
    Story(
        "qiming", "xu.kai", Topic.OTHER, TicketState.CLOSED, 30,
        "请把账单联系人改为罗燕",
        "我们的财务负责人换成了罗燕，以后的账单和通知请发给她。",
        owner="liu.yang",
        reply="您好，已为罗燕开通账单联系人权限，请她查收邮件并登录确认。",
        explanation="已更新：账单和通知从今天起发送给罗燕，您仍然可以查看自己提交的工单。",
        rating=5,
    ),
    Story(
        "harbour", "oliver", Topic.POLICY, TicketState.CLOSED, 45,
        "What happens if we pay two days late?",
        "Our payment run is every second Thursday, so now and then a payment arrives two days after the due date. Does that "
        "already lead to a notice?",
        reply="No: the first reminder goes out some days after the due date, as the collections policy says.",
        explanation="Two days late does not start any stage of the policy. The first step is a reminder; nothing about your "
        "access changes before the final notice and its waiting time.",
        rating=4,
    ),
    Story(
        "minato", "suzuki", Topic.QUESTION, TicketState.CLOSED, 60,
        "Visio の使っていないシートも請求されますか",
        "3 シートのうち 1 シートは誰も使っていません。それでも請求の対象になりますか。",
        owner="liu.yang",
        reply="はい、ライセンス型のサービスは使用数ではなく購入数で請求されます。",
        explanation="ご請求は購入されたシート数に基づきます。次の請求期間からシートを減らしたい場合は、チケットでお知らせください。",
        rating=5,
    ),
)  # fmt: skip
